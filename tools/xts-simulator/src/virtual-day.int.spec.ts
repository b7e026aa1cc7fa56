import io from 'socket.io-client'
import { recordDay } from './testing/recorded-day'

const REQUESTS = 300

describe('a day in virtual time', () => {
  it('is the same byte for byte with the same seed and requests, and another with another seed', async () => {
    const first = await recordDay({ seed: 11, requests: REQUESTS, connect: io })
    const second = await recordDay({ seed: 11, requests: REQUESTS, connect: io })
    expect(second.replies).toEqual(first.replies)
    expect(second.frames).toEqual(first.frames)
    expect(second.dayFile).toBe(first.dayFile)
    expect(second.tape).toBe(first.tape)

    // It was a day in which something happened.
    expect(first.replies.filter((reply) => reply.includes('"AppOrderID"')).length).toBeGreaterThan(50)
    expect(first.dayFile.match(/"kind":"filled"/g)?.length).toBeGreaterThan(10)
    expect(first.replies.filter((reply) => /^\/(clock|price) 200 /.test(reply)).length).toBeGreaterThan(20)
    expect(first.replies.filter((reply) => reply.includes('Internal Server Error')).length).toBeGreaterThan(3)
    for (const frames of Object.values(first.frames)) expect(frames.length).toBeGreaterThan(100)

    const other = await recordDay({ seed: 12, requests: 60, connect: io })
    expect(other.replies).not.toEqual(first.replies)
    expect(other.frames['full']).not.toEqual(first.frames['full'])
    expect(other.dayFile).not.toBe(first.dayFile)
  })
})
