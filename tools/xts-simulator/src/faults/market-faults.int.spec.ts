import { inflateRawSync } from 'node:zlib'
import io from 'socket.io-client'
import { FaultLab, proves as prove } from '../testing/fault-lab'
import { decodeFrame } from '../testing/packet-decoder'
import type { FaultName } from './catalogue'

let lab: FaultLab
beforeAll(async () => {
  lab = await FaultLab.open(io)
})
beforeEach(() => lab.begin())
afterAll(() => lab.close())

const proves = (name: FaultName, run: () => Promise<void>): void => prove(() => lab, name, run)
/** Each fault is shown once by `proves`; some act on packets too. */
const provesInPackets = proves

const FULL = '1501-json-full'
const PARTIAL = '1501-json-partial'
const PACKET = 'xts-binary-packet'
type Fields = Readonly<Record<string, unknown>>
const count = (socket: { heard: readonly { name: string }[] }, event: string): number =>
  socket.heard.filter(({ name }) => name === event).length

const texts = (socket: { heard: readonly { name: string; argument: unknown }[] }, event: string): string[] =>
  socket.heard.filter(({ name }) => name === event).map(({ argument }) => String(argument))

/** What the binary packets said, in their order. */
const packets = (socket: { heard: readonly { name: string; argument: unknown }[] }): Fields[] =>
  socket.heard
    .filter(({ name }) => name === PACKET)
    .flatMap(({ argument }) => decodeFrame(Buffer.from(argument as Buffer)).map(({ fields }) => fields))

describe('faults of market data in binary packets', () => {
  provesInPackets('null-prices', async () => {
    const feed = await lab.feed({ binary: true, code: 1502 })
    await lab.arm('null-prices', { match: { event: PACKET } })
    await feed.subscribe()
    await feed.socket.hears(PACKET)
    const [packet] = packets(feed.socket)
    expect(packet).toMatchObject({ ExchangeInstrumentID: 2885, LastTradedPrice: NaN, Open: NaN, Close: NaN })
    expect(packet).toMatchObject({ BidInfo: { Price: NaN }, AskInfo: { Price: NaN } })
    expect(packet?.['Bids']).toEqual(expect.arrayContaining([expect.objectContaining({ Price: NaN })]))
  })

  provesInPackets('sequence-jumps', async () => {
    const feed = await lab.feed({ binary: true })
    await lab.arm('sequence-jumps', { parameters: { by: 1_000_000_000 } })
    await feed.subscribe()
    await feed.socket.until(() => packets(feed.socket).length >= 3)
    const sequences = packets(feed.socket).map((packet) => Number(packet['SequenceNumber']))
    expect((sequences[1] ?? 0) - (sequences[0] ?? 0)).toBeGreaterThan(900_000_000)
    expect((sequences[2] ?? 0) - (sequences[1] ?? 0)).toBeGreaterThan(900_000_000)
  })

  provesInPackets('volume-backwards', async () => {
    const feed = await lab.feed({ binary: true })
    await lab.control.call('POST', '/price', { segment: 1, token: 2885, price: 1405 })
    await feed.subscribe()
    await feed.subscribe(11536)
    const volumesOf = (token: number): number[] =>
      packets(feed.socket)
        .filter((packet) => packet['ExchangeInstrumentID'] === token)
        .map((packet) => Number(packet['TotalTradedQuantity']))
    await feed.socket.until(() => Number(volumesOf(2885).at(-1)) > 0)
    await lab.arm('volume-backwards', { match: { token: 2885 }, parameters: { by: 1_000_000_000 } })
    await feed.socket.until(() => volumesOf(2885).at(-1) === 0)
    const untouched = volumesOf(11536)
    expect(untouched).toEqual([...untouched].sort((one, other) => one - other))
  })
})

describe('faults of market data', () => {
  proves('quotes-empty', async () => {
    const feed = await lab.feed()
    await lab.arm('quotes-empty')
    expect((await feed.quotes()).body?.result).toMatchObject({ listQuotes: [] })
  })

  proves('null-prices', async () => {
    const feed = await lab.feed()
    await lab.arm('null-prices')
    const { listQuotes } = (await feed.quotes()).body?.result as { listQuotes: string[] }
    expect(JSON.parse(listQuotes[0] ?? '')).toMatchObject({ LastTradedPrice: null, BidInfo: { Price: null } })
    await feed.subscribe()
    await feed.socket.hears(FULL)
    expect(texts(feed.socket, FULL)[0]).toContain('"LastTradedPrice":null')
  })

  proves('already-subscribed', async () => {
    const feed = await lab.feed()
    await lab.arm('already-subscribed')
    expect(await feed.subscribe()).toMatchObject({
      status: 400, body: { code: 'e-session-0002', description: 'Instrument Already Subscribed !' },
    }) // prettier-ignore
    expect(await feed.subscribe()).toMatchObject({ status: 200 })
  })

  proves('subscription-limit', async () => {
    const feed = await lab.feed()
    await lab.arm('subscription-limit')
    expect(await feed.subscribe()).toMatchObject({ status: 400, body: { code: 'e-session-0004' } })
  })

  proves('subscribed-but-silent', async () => {
    const feed = await lab.feed()
    await lab.arm('subscribed-but-silent', { match: { token: 2885 } })
    expect((await feed.subscribe()).body).toMatchObject({ type: 'success', result: { listQuotes: [] } })
    await feed.subscribe(11536)
    await feed.socket.until(() => texts(feed.socket, FULL).length >= 5)
    expect(texts(feed.socket, FULL).filter((text) => text.includes('"ExchangeInstrumentID":2885'))).toEqual(
      [],
    )
  })

  proves('duplicate-tick', async () => {
    const feed = await lab.feed()
    await lab.arm('duplicate-tick')
    await feed.subscribe()
    await feed.socket.until(() => count(feed.socket, FULL) >= 4)
    const [first, second, third, fourth] = texts(feed.socket, FULL)
    expect([second, fourth]).toEqual([first, third])
  })

  proves('partial-without-full', async () => {
    const feed = await lab.feed({ partial: true })
    await lab.arm('partial-without-full')
    await feed.subscribe()
    await feed.socket.hears(PARTIAL)
    expect(texts(feed.socket, PARTIAL)[0]).toMatch(/^t:1_2885,ltp:[\d.]+,ltq:\d+,lut:\d+$/)
  })

  proves('sequence-jumps', async () => {
    const feed = await lab.feed()
    await lab.arm('sequence-jumps', { parameters: { by: 1_000_000 } })
    await feed.subscribe()
    await feed.socket.until(() => count(feed.socket, FULL) >= 3)
    const sequences = feed.socket.messages(FULL).map((tick) => Number(tick['SequenceNumber']))
    expect((sequences[1] ?? 0) - (sequences[0] ?? 0)).toBeGreaterThan(900_000)
    expect((sequences[2] ?? 0) - (sequences[1] ?? 0)).toBeGreaterThan(900_000)
  })

  proves('volume-backwards', async () => {
    const feed = await lab.feed({ partial: true })
    await lab.control.call('POST', '/price', { segment: 1, token: 2885, price: 1405 })
    await feed.subscribe()
    await feed.socket.hears(PARTIAL)
    const volumes = (): number[] =>
      texts(feed.socket, PARTIAL).map((text) => Number(/,v:(\d+)/.exec(text)?.[1]))
    await lab.arm('volume-backwards', { parameters: { by: 1_000_000_000 } })
    await feed.socket.until(() => volumes().at(-1) === 0)
    expect(volumes()[0]).toBeGreaterThan(0)
  })

  proves('property-flood', async () => {
    const feed = await lab.feed()
    await lab.arm('property-flood', { parameters: { messages: 7 } })
    await feed.subscribe()
    await feed.socket.until(() => count(feed.socket, FULL) >= 2)
    const names = feed.socket.heard.map(({ name }) => name)
    const first = names.indexOf(FULL)
    expect(names.slice(first + 1, first + 8)).toEqual(Array.from({ length: 7 }, () => '1105-json-partial'))
    expect(texts(feed.socket, '1105-json-partial')).toContain('t:0_0')
  })

  proves('unknown-message-code', async () => {
    const feed = await lab.feed()
    await lab.arm('unknown-message-code')
    await feed.subscribe()
    await feed.socket.hears('1599-json-full')
    expect(feed.socket.messages('1599-json-full')[0]).toMatchObject({ MessageCode: 1599 })
  })

  proves('binary-garbage', async () => {
    const feed = await lab.feed()
    await lab.arm('binary-garbage', { parameters: { bytes: 33 } })
    await feed.subscribe()
    await feed.socket.hears('xts-binary-packet')
    const bytes = feed.socket.heard.find(({ name }) => name === 'xts-binary-packet')?.argument as Buffer
    expect(Buffer.from(bytes)).toHaveLength(33)
  })

  proves('truncated-deflate', async () => {
    const feed = await lab.feed()
    await lab.arm('truncated-deflate')
    await feed.subscribe()
    await feed.socket.hears('xts-binary-packet')
    const found = feed.socket.heard.find(({ name }) => name === 'xts-binary-packet')?.argument as Buffer
    const packet = Buffer.from(found)
    expect([packet.readInt8(0), packet.readUInt16LE(1)]).toEqual([1, 1501])
    expect(packet.length - 17).toBeLessThan(packet.readUInt16LE(15))
    expect(() => inflateRawSync(packet.subarray(17))).toThrow('unexpected end of file')
  })
})
