import { SAMPLE_FIGURES } from '../testing/sample-figures'
import { encodePacket } from '../wire/binary-packets'
import { fullText } from '../wire/market-payloads'
import { readPacket } from './read-packet'

describe('readPacket', () => {
  it.each(
    ([1501, 1502] as const).flatMap((code) =>
      (['classic', 'wide'] as const).flatMap((generation) =>
        [false, true].map((isCompressed) => ({ code, generation, isCompressed })),
      ),
    ),
  )(
    'reads $code ($generation, compressed $isCompressed) as the JSON message says it',
    ({ code, ...style }) => {
      const json = JSON.parse(
        fullText(code, SAMPLE_FIGURES, { touchline: 'nested', fields: 'captured' }),
      ) as {
        Touchline: Record<string, unknown>
      }
      const { BuyBackTotalBuy, BuyBackTotalSell, ...touchline } = json.Touchline
      void [BuyBackTotalBuy, BuyBackTotalSell]
      const read = readPacket(encodePacket(code, SAMPLE_FIGURES, style))
      expect(json).toMatchObject({ ...read?.fields, Touchline: touchline })
      expect(read?.fields['Touchline']).toEqual(touchline)
    },
  )

  it('reads open interest', () => {
    const packet = encodePacket(1510, { ...SAMPLE_FIGURES, openInterest: 650 }, { generation: 'classic', isCompressed: false }) // prettier-ignore
    expect(readPacket(packet)).toMatchObject({ code: 1510, fields: { MessageCode: 1510, OpenInterest: 650 } })
  })

  it('reads nothing from bytes that are no packet of a known layout', () => {
    const packet = encodePacket(1501, SAMPLE_FIGURES, { generation: 'wide', isCompressed: false })
    const compressed = encodePacket(1501, SAMPLE_FIGURES, { generation: 'wide', isCompressed: true })
    for (let bytes = 0; bytes < packet.length; bytes++)
      expect(readPacket(packet.subarray(0, bytes))).toBeUndefined()
    expect(readPacket(compressed.subarray(0, 40))).toBeUndefined()
    expect(readPacket(Buffer.alloc(500, 0xff))).toBeUndefined()
    const stranger = Buffer.from(packet)
    stranger.writeUInt16LE(1504, 15)
    expect(readPacket(stranger)).toBeUndefined()
  })
})
