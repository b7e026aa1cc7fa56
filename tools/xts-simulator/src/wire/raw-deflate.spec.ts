import fc from 'fast-check'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { SAMPLE_FIGURES } from '../testing/sample-figures'
import { encodePacket } from './binary-packets'
import { BINARY_CODES } from './market-codes'
import { RawDeflate } from './raw-deflate'

const PLAIN_HEADER_BYTES = 15

/** One for all: what an earlier payload left must not show in a later one. */
const deflate = new RawDeflate(64)
/** Without jest's comparison, which takes its time for bytes. */
const comesBack = (plain: Uint8Array): boolean => inflateRawSync(deflate.compress(plain)).equals(plain)

const PAYLOADS = BINARY_CODES.flatMap((code) =>
  (['classic', 'wide'] as const).map((generation) => ({
    name: `${code} ${generation}`,
    plain: encodePacket(code, SAMPLE_FIGURES, { generation, isCompressed: false }).subarray(
      PLAIN_HEADER_BYTES,
    ),
  })),
)

describe('RawDeflate', () => {
  it.each(PAYLOADS)(
    'writes a $name that zlib reads, at most 1.3 times as long as zlib writes it',
    ({ plain }) => {
      const compressed = deflate.compress(plain)
      expect(inflateRawSync(compressed)).toEqual(plain)
      expect(compressed.length).toBeLessThanOrEqual(deflateRawSync(plain).length * 1.3)
      expect(compressed.length).toBeLessThan(plain.length * 0.9)
    },
  )

  it('writes anything so that zlib reads it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), (plain) => {
        expect(comesBack(plain)).toBe(true)
      }),
    )
  })

  it('writes what repeats so that zlib reads it', () => {
    const run = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat({ max: 300 }))
    fc.assert(
      fc.property(fc.array(run, { maxLength: 30 }), (runs) => {
        const plain = Buffer.concat(
          runs.flatMap(([bytes, times]) => Array.from({ length: times }, () => bytes)),
        )
        fc.pre(plain.length <= 65_535)
        expect(comesBack(plain)).toBe(true)
      }),
    )
  })

  it('writes every length of a match and every kind of distance', () => {
    for (let length = 3; length <= 600; length++) {
      const plain = Buffer.alloc(length + 1, 7)
      expect(comesBack(plain)).toBe(true)
    }
    for (let distance = 3; distance <= 4200; distance += 7) {
      const between = Buffer.from(Array.from({ length: distance - 3 }, (_, at) => (at * 151) % 199))
      const plain = Buffer.concat([Buffer.from([250, 251, 252]), between, Buffer.from([250, 251, 252])])
      expect(comesBack(plain)).toBe(true)
    }
  })

  it('writes a run of zeros in a few bytes', () => {
    expect(deflate.compress(Buffer.alloc(1000))).toHaveLength(10)
  })

  it('stores what would grow, five bytes longer than it was', () => {
    const noise = Buffer.from(Array.from({ length: 300 }, (_, at) => 144 + ((at * 61) % 112)))
    const compressed = deflate.compress(noise.subarray(0, 111))
    expect(compressed).toHaveLength(116)
    expect(inflateRawSync(compressed)).toEqual(noise.subarray(0, 111))
  })

  it('refuses what one block cannot store', () => {
    expect(() => deflate.compress(Buffer.alloc(65_536))).toThrow(RangeError)
    expect(comesBack(Buffer.alloc(65_535, 1))).toBe(true)
  })
})
