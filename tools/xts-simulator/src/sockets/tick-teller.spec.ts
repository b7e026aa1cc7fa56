import type { Session, SessionSocket } from '../state/session-registry'
import { SAMPLE_FIGURES } from '../testing/sample-figures'
import { decodeFrame } from '../testing/packet-decoder'
import type { FigureCode } from '../wire/market-codes'
import type { MarketFigures } from '../wire/market-figures'
import { BinaryFrames } from './binary-frames'
import { PLAIN_FORM, type FeedForm } from './feed-form'
import { newAudience, type Audience } from './market-watch'
import { TickForms, type TickStyle } from './tick-forms'
import { TickTeller } from './tick-teller'

const STYLE: TickStyle = {
  payload: { touchline: 'nested', fields: 'captured' },
  packet: { generation: 'wide', isCompressed: false },
}
const PARTIAL = { ...PLAIN_FORM, isPartial: true }
const BINARY: FeedForm = { isPartial: false, hearsJson: false, hearsBinary: true }

type Listening = SessionSocket & { readonly heard: [string, string | Buffer][] }

function socket(form: FeedForm): Listening {
  const heard: [string, string | Buffer][] = []
  return {
    ...form, id: 'x', heard,
    emit: (event, payload) => heard.push([event, payload]), disconnect: () => undefined,
  } // prettier-ignore
}

const session = (...sockets: SessionSocket[]): Session =>
  ({ sockets: new Set(sockets) }) as unknown as Session
const forms = (code: FigureCode, changes: Partial<MarketFigures> = {}): TickForms =>
  new TickForms(code, { ...SAMPLE_FIGURES, ...changes }, STYLE, undefined)

function open(partialKeys: 'all' | 'changed', packetsPerFrame = 16) {
  const frames = new BinaryFrames(packetsPerFrame)
  const sent: [string, string, string | Buffer][] = []
  const tape = {
    owns: () => false, quote: () => undefined, snapshot: () => undefined,
    sent: (to: string, event: string, payload: string | Buffer) => sent.push([to, event, payload]),
  } // prettier-ignore
  const teller = new TickTeller({ frames, partialKeys, tape, spoil: (_, figures) => figures })
  const audienceOf = (...sessions: Session[]): Audience => {
    const audience = newAudience('1512:2:48225')
    for (const one of sessions) audience.sessions.add(one)
    return audience
  }
  return { frames, sent, teller, audienceOf }
}

describe('a tick on its way', () => {
  it('comes to each socket in its own form, and is recorded once in each', () => {
    const { teller, frames, sent, audienceOf } = open('all')
    const sockets = [
      socket(PLAIN_FORM),
      socket(PARTIAL),
      socket(BINARY),
      socket({ ...PLAIN_FORM, hearsBinary: true }),
    ]
    teller.tell(1501, audienceOf(session(...sockets), session(socket(PLAIN_FORM))), forms(1501))
    frames.send()
    expect(sockets.map(({ heard }) => heard.map(([event]) => event))).toEqual([
      ['1501-json-full'], ['1501-json-partial'], ['xts-binary-packet'], ['1501-json-full', 'xts-binary-packet'],
    ]) // prettier-ignore
    expect(sent.map(([to, event]) => [to, event])).toEqual([
      ['1512:2:48225', 'xts-binary-packet'], ['1512:2:48225', '1501-json-full'], ['1512:2:48225', '1501-json-partial'],
    ]) // prettier-ignore
  })

  it('comes as JSON to a binary socket when its code has no binary layout', () => {
    const { teller, frames, audienceOf } = open('all')
    const listener = socket(BINARY)
    teller.tell(1512, audienceOf(session(listener)), forms(1512))
    frames.send()
    expect(listener.heard.map(([event]) => event)).toEqual(['1512-json-full'])
  })

  it('has every key each time, unless the gateway sends changes', () => {
    const { teller, audienceOf } = open('all')
    const listener = socket(PARTIAL)
    const audience = audienceOf(session(listener))
    for (const lastPrice of [100, 101]) teller.tell(1512, audience, forms(1512, { lastPrice }))
    expect(listener.heard.map(([, text]) => text)).toEqual([
      't:2_48225,ltp:100,ltq:65,lut:1454323205,bt:1,mt:1', 't:2_48225,ltp:101,ltq:65,lut:1454323205,bt:1,mt:1',
    ]) // prettier-ignore
  })

  it('has every key first and then what changed, for each socket by itself', () => {
    const { teller, audienceOf, sent } = open('changed')
    const [first, second] = [socket(PARTIAL), socket(PARTIAL)]
    const one = session(first)
    const audience = audienceOf(one)
    teller.tell(1512, audience, forms(1512, { lastPrice: 100 }))
    one.sockets.add(second)
    teller.tell(1512, audience, forms(1512, { lastPrice: 101 }))
    teller.tell(1512, audience, forms(1512, { lastPrice: 101 }))
    const texts = (listener: Listening) => listener.heard.map(([, text]) => text)
    expect(texts(first)).toEqual(['t:2_48225,ltp:100,ltq:65,lut:1454323205,bt:1,mt:1', 't:2_48225,ltp:101'])
    expect(texts(second)).toEqual(['t:2_48225,ltp:101,ltq:65,lut:1454323205,bt:1,mt:1'])
    expect(sent.every(([, , text]) => String(text).includes(',mt:1'))).toBe(true)
  })

  it('stands with others of its moment in one frame, as many as a frame may hold', () => {
    const { teller, frames, audienceOf } = open('all', 2)
    const [one, other] = [socket(BINARY), socket(BINARY)]
    const audience = audienceOf(session(one), session(other))
    for (const token of [1, 2, 3]) teller.tell(1501, audience, forms(1501, { token }))
    frames.send()
    frames.send()
    const tokens = one.heard.map(([, frame]) =>
      decodeFrame(frame as Buffer).map((packet) => packet.header['exchangeInstrumentID']),
    )
    expect(tokens).toEqual([[1, 2], [3]])
    expect(other.heard).toEqual(one.heard)
  })
})
