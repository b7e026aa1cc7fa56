import type { Session } from '../state/session-registry'
import { socketMistakes } from './socket-mistakes'

const session = (changes: object = {}): Session =>
  ({ api: 'market', account: { userId: 'ME' }, sockets: new Set(), ...changes }) as unknown as Session
const query = { userID: 'ME', publishFormat: 'json', broadcastMode: 'Full' }
const said = (coming: Partial<Parameters<typeof socketMistakes>[0]>): string[] =>
  socketMistakes({ session: session(), protocol: 3, query, ...coming }).map(({ sentence }) => sentence)

describe('socketMistakes', () => {
  it('has nothing to say about a socket as the broker wants it', () => {
    expect(said({})).toEqual([])
    expect(said({ session: session({ api: 'interactive' }), query: { userID: 'ME' } })).toEqual([])
  })

  it('names a wrong user, a newer protocol, another socket, and a form nobody asked for', () => {
    expect(said({ query: { ...query, userID: 'YOU' } })).toEqual([expect.stringMatching(/userID/)])
    expect(said({ protocol: 4 })).toEqual([expect.stringMatching(/newer Engine\.IO/)])
    expect(said({ session: session({ sockets: new Set([1]) }) })).toEqual([
      expect.stringMatching(/another socket/),
    ])
    expect(said({ query: { userID: 'ME', publishFormat: 'XML' } })).toEqual([
      expect.stringMatching(/publishFormat/),
      expect.stringMatching(/broadcastMode/),
    ])
  })
})
