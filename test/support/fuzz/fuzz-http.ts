import { Agent, request as httpRequest } from 'node:http'
import { hostileText, hostileValue, spoiled, wellFormed } from './hostile-values'
import type { SeededChance } from './seeded-chance'
import type { SoundRequest } from './sound-requests'

export interface FuzzAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

/** A request as it goes out. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

const ANSWERED_WITHIN_MS = 20_000
const METHODS: readonly [string, ...string[]] = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'HEAD',
  'PROPFIND',
]
const CONTENT_TYPES: readonly [string, ...string[]] = [
  'application/json', 'application/json; charset=utf-16', 'application/json; charset=nothing', 'text/plain', 'text/html',
  'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'application/octet-stream', '',
] // prettier-ignore
const BODIES: readonly [string, ...string[]] = [
  '', '{', '[', '{"a":}', 'null', '0', '"x"', '[]', '[[[[', '{"a":1}}', 'NaN', '{"a":NaN}', '\u0000', 'a=1&b[c]=2&__proto__[x]=1', '<xml/>',
] // prettier-ignore

/** A sound request with something wrong, or now and then with nothing wrong at all. */
export function spoiledRequest(
  sound: SoundRequest,
  prefix: string,
  token: string,
  chance: SeededChance,
): WireRequest {
  const method = chance.isTrue(0.05) ? chance.pick(METHODS) : sound.method
  const query = chance.isTrue(0.5) ? spoiledQuery(sound.query ?? {}, chance) : soundQuery(sound.query)
  const suffix = chance.isTrue(0.03) ? encodeURI(wellFormed(hostileText(chance))) : ''
  const wrongPath = chance.isTrue(0.01) ? '/%zz%' : ''
  const body = method === 'GET' || method === 'HEAD' ? undefined : spoiledBody(sound.body, chance)
  return {
    method,
    path: prefix + sound.path + wrongPath + suffix.replaceAll('#', '') + query,
    headers: {
      ...spoiledHeaders(token, chance),
      ...(body === undefined ? {} : { 'content-type': contentType(chance) }),
    },
    body,
  }
}

const contentType = (chance: SeededChance): string =>
  chance.isTrue(0.9) ? 'application/json' : chance.pick(CONTENT_TYPES)

function spoiledHeaders(token: string, chance: SeededChance): Record<string, string> {
  const authorization = chance.isTrue(0.95)
    ? token
    : chance.pick(['', 'Bearer x', 'a.b.c', '[object Object]', `${token}x`])
  if (!chance.isTrue(0.03)) return { authorization }
  return {
    authorization,
    [chance.pick(['x-compression', 'expect', 'accept-encoding', 'x-forwarded-for'])]: 'y'.repeat(50),
  }
}

function soundQuery(query: SoundRequest['query']): string {
  return query === undefined ? '' : `?${new URLSearchParams(query).toString()}`
}

/** Queries can be lists and objects to the reader of the other side: `a=1&a=2`, `a[b]=1`. */
function spoiledQuery(query: Readonly<Record<string, string>>, chance: SeededChance): string {
  const pairs = Object.entries(spoiled(query, chance)).flatMap(([name, value]) => {
    const text = encodeURIComponent(wellFormed(typeof value === 'string' ? value : JSON.stringify(value)))
    const key = encodeURIComponent(wellFormed(name))
    if (chance.isTrue(0.1)) return [`${key}=${text}`, `${key}=2`]
    return [chance.isTrue(0.1) ? `${key}[x]=${text}` : `${key}=${text}`]
  })
  const text = `?${pairs.join('&')}`
  return text.length > 6_000 ? '?long=1' : text
}

function spoiledBody(sound: SoundRequest['body'], chance: SeededChance): string {
  if (chance.isTrue(0.1)) return JSON.stringify(sound ?? {})
  if (chance.isTrue(0.1)) return chance.pick(BODIES)
  if (chance.isTrue(0.02)) return '['.repeat(20_000) + ']'.repeat(20_000)
  if (chance.isTrue(0.002)) return JSON.stringify({ a: 'x'.repeat(3_000_000) })
  const value = chance.isTrue(0.1) ? hostileValue(chance) : spoiled(sound ?? {}, chance)
  return JSON.stringify(value) ?? ''
}

/** Sends requests over a connection that is kept, one after the other. */
export class FuzzHttp {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 })

  constructor(private readonly port: number) {}

  send(wire: WireRequest): Promise<FuzzAnswer> {
    return new Promise((resolve, reject) => {
      const length = wire.body === undefined ? {} : { 'content-length': Buffer.byteLength(wire.body) }
      const request = httpRequest({
        host: '127.0.0.1',
        port: this.port,
        agent: this.agent,
        method: wire.method,
        path: wire.path,
        headers: { ...wire.headers, ...length },
        timeout: ANSWERED_WITHIN_MS,
      })
      request.once('timeout', () => request.destroy(new Error('no answer in time')))
      request.once('error', reject)
      request.once('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString(),
          }),
        )
      })
      request.end(wire.body)
    })
  }

  close(): void {
    this.agent.destroy()
  }
}
