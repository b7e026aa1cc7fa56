import { mock } from 'node:test'

const intervals = mock.method(globalThis, 'setInterval')

/**
 * Closes a client's connection for good. After a disconnect these clients open themselves anew every five seconds, for
 * ever, and a second disconnect makes them forget the interval of the first: all that were ever set are cleared, after
 * the close, which sets one more.
 */
export function silence(socket) {
  socket?.socketMD.socketMarketData?.close()
  for (const { result } of intervals.mock.calls) clearInterval(result)
}
