import { segmentNamed } from '../universe/segments'
import type { BinaryCode } from '../wire/market-codes'
import type { MarketFigures } from '../wire/market-figures'
import { definitionOf, type FaultEngine } from './fault-engine'
import type { FaultFacts } from './fault-facts'

/** The figures that a binary packet is written from, after every fault that acts on them; the same object when none does. */
export function spoilFigures(faults: FaultEngine, code: BinaryCode, figures: MarketFigures): MarketFigures {
  if (faults.isQuiet('packet')) return figures
  const facts = (): FaultFacts => ({
    api: 'market',
    event: 'xts-binary-packet',
    messageCode: code,
    instruments: [{ segment: segmentNamed(figures.segment), token: figures.token }],
  })
  let spoilt = figures
  for (const fault of faults.candidates('packet', facts)) {
    const { at, packetCodes } = definitionOf(fault)
    if (packetCodes?.includes(code) === false || !faults.happens(fault)) continue
    spoilt = at.packet?.(spoilt, fault) ?? spoilt
  }
  return spoilt
}
