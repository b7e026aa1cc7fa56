/**
 * Options of every socket. Unsent messages never hold the process after close; ZMTP heartbeats notice a peer whose
 * machine or process froze, which TCP alone reports after many minutes.
 */
export const EVERY_SOCKET = {
  linger: 0,
  heartbeatInterval: 2_000,
  heartbeatTimeout: 6_000,
  heartbeatTimeToLive: 6_000,
} as const

/** How a connecting socket comes back: at once after a restart of the peer, at most once a second later. */
export const RECONNECTING = { reconnectInterval: 50, reconnectMaxInterval: 1_000 } as const

/** Requests and replies waiting per peer: some seconds of the busiest client. */
export const REQUEST_HIGH_WATER_MARK = 10_000

/** Events waiting per reader: a hundred a second for more than a minute. */
export const EVENT_HIGH_WATER_MARK = 10_000

/** Ticks waiting per reader: about five seconds of a full feed of 10,000 a second. */
export const TICK_HIGH_WATER_MARK = 50_000
