import { GroupCommit } from './group-commit'

function gate(): { promise: Promise<void>; open: () => void } {
  let open = (): void => undefined
  const promise = new Promise<void>((resolve) => (open = resolve))
  return { promise, open }
}

describe('group commit', () => {
  it('keeps one write in flight and shares the next among what arrives meanwhile', async () => {
    const first = gate()
    const groups: string[][] = []
    const commits = new GroupCommit<string>({
      largestGroup: 10,
      write: async (group) => {
        groups.push([...group])
        if (groups.length === 1) await first.promise
      },
    })
    const added = [commits.add(['a']), commits.add(['b']), commits.add(['c', 'd'])]
    expect(groups).toEqual([['a']])
    first.open()
    await Promise.all(added)
    expect(groups).toEqual([['a'], ['b', 'c', 'd']])
  })

  it('never splits an addition, and cuts groups at their largest size', async () => {
    const groups: number[][] = []
    const commits = new GroupCommit<number>({
      largestGroup: 3,
      write: async (group) => void groups.push([...group]),
    })
    await Promise.all([commits.add([0]), commits.add([1, 2]), commits.add([3, 4]), commits.add([5, 6, 7, 8])])
    expect(groups).toEqual([[0], [1, 2], [3, 4], [5, 6, 7, 8]])
  })

  it('refuses an addition past what may wait, and takes again when there is room', async () => {
    const first = gate()
    const commits = new GroupCommit<number>({ largestGroup: 1, mostWaiting: 2, write: () => first.promise })
    const running = commits.add([0])
    const waiting = [commits.add([1]), commits.add([2])]
    await expect(commits.add([3])).rejects.toThrow('more than 2 entries wait')
    first.open()
    await Promise.all([running, ...waiting])
    await expect(commits.add([4])).resolves.toBeUndefined()
  })

  it('writes the additions of a failed group one by one and fails only the bad one', async () => {
    const first = gate()
    const written: string[] = []
    const commits = new GroupCommit<string>({
      largestGroup: 10,
      write: async (group) => {
        if (group.includes('hold')) await first.promise
        if (group.includes('bad')) throw new Error('refused')
        written.push(...group)
      },
    })
    const added = Promise.allSettled([
      commits.add(['hold']),
      commits.add(['a']),
      commits.add(['bad', 'x']),
      commits.add(['b']),
    ])
    first.open()
    const statuses = (await added).map((result) => result.status)
    expect(statuses).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(written).toEqual(['hold', 'a', 'b'])
  })

  it('goes on after a failure', async () => {
    let isBroken = true
    const commits = new GroupCommit<string>({
      largestGroup: 10,
      write: async () => {
        if (isBroken) throw new Error('disk full')
      },
    })
    await expect(commits.add(['a'])).rejects.toThrow('disk full')
    isBroken = false
    await expect(commits.add(['b'])).resolves.toBeUndefined()
    await commits.whenIdle()
  })
})
