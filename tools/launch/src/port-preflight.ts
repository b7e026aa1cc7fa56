import { connect, createServer } from 'node:net'
import { BUS_ENDPOINTS, HTTP_PORTS } from '@xts-bridge/contracts'
import { SIMULATOR_PORTS, type HouseMode } from './house-plan'
import type { HouseSettings } from './settings'

const LOOPBACK = '127.0.0.1'
const CONNECT_LIMIT_MS = 500

/** A port the house is going to listen on, and the setting that moves it. */
export interface Listener {
  readonly setting: string
  readonly host: string
  readonly port: number
}

/** Every TCP port of the house; ipc endpoints have none. */
export function listenersOf(mode: HouseMode, settings: HouseSettings): readonly Listener[] {
  const http = (Object.keys(HTTP_PORTS) as (keyof typeof HTTP_PORTS)[]).map((name) => ({
    setting: name,
    host: settings.HTTP_HOST,
    port: settings[name],
  }))
  const bus = (Object.keys(BUS_ENDPOINTS) as (keyof typeof BUS_ENDPOINTS)[]).flatMap((name) =>
    tcpListener(name, settings[name]),
  )
  const simulator = (Object.keys(SIMULATOR_PORTS) as (keyof typeof SIMULATOR_PORTS)[]).map((name) => ({
    setting: name,
    host: LOOPBACK,
    port: settings[name],
  }))
  return [...http, ...bus, ...(mode === 'simulator' ? simulator : [])]
}

function tcpListener(setting: string, endpoint: string): readonly Listener[] {
  const match = /^tcp:\/\/(.+):(\d+)$/.exec(endpoint)
  if (match?.[1] === undefined) return []
  const host = match[1] === '*' ? '0.0.0.0' : match[1].replace(/^\[|\]$/g, '')
  return [{ setting, host, port: Number(match[2]) }]
}

/**
 * One sentence per port that cannot be used: two settings that name the same one, and those another program has.
 * Empty when the house can listen everywhere.
 */
export async function portProblems(listeners: readonly Listener[]): Promise<readonly string[]> {
  const clashes = listeners.flatMap((listener, index) => {
    const earlier = listeners.slice(0, index).find((other) => other.port === listener.port)
    return earlier
      ? [`port ${listener.port} is asked for by both ${earlier.setting} and ${listener.setting}; change one`]
      : []
  })
  const states = await Promise.all(
    listeners.map(async (listener) => occupied(listener, await probe(listener))),
  )
  return [...clashes, ...states.flat()]
}

function occupied({ port, host, setting }: Listener, state: string): readonly string[] {
  if (state === 'free') return []
  if (state === 'taken') return [`port ${port} is in use by another program; change ${setting}`]
  return [`port ${port} on ${host} cannot be listened on (${state}); change ${setting}`]
}

/** 'free', 'taken', or the system's error code. */
async function probe(listener: Listener): Promise<string> {
  // Some systems let us listen beside a program that has the port on all addresses, so somebody answering counts too.
  if (await isAnswering(listener)) return 'taken'
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? 'taken' : (error.code ?? error.message)),
    )
    server.listen(listener.port, listener.host, () => server.close(() => resolve('free')))
  })
}

function isAnswering({ host, port }: Listener): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: host === '0.0.0.0' ? LOOPBACK : host, timeout: CONNECT_LIMIT_MS })
    const settle = (isOpen: boolean): void => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
    socket.once('timeout', () => settle(false))
  })
}
