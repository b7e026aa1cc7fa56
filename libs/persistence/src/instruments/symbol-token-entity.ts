import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm'

/** One instrument of one broker, in the columns the ecosystem's tools know. Written by InstrumentTable alone. */
@Entity('symbol_token')
@Index(['broker', 'exchange', 'symbol'], { unique: true })
@Index(['broker', 'brexchange', 'token'], { unique: true })
export class SymbolTokenEntity {
  @PrimaryGeneratedColumn()
  id!: number

  @Column({ type: 'text' })
  broker!: string

  @Column({ type: 'text' })
  symbol!: string

  /** The broker's display name. */
  @Column({ type: 'text' })
  brsymbol!: string

  @Column({ type: 'text' })
  name!: string

  /** Text, because the ecosystem's tools compare it as text. */
  @Column({ type: 'text' })
  token!: string

  @Column({ type: 'text' })
  exchange!: string

  /** The broker's segment; (brexchange, token) is its key of the instrument. */
  @Column({ type: 'text' })
  brexchange!: string

  /** `17-FEB-26`; empty when it does not expire. */
  @Column({ type: 'text' })
  expiry!: string

  /** Rupees; null unless an option. */
  @Column({ type: 'real', nullable: true })
  strike!: number | null

  @Column({ type: 'integer' })
  lotsize!: number

  @Column({ type: 'text' })
  instrumenttype!: string

  /** Rupees. */
  @Column({ name: 'tick_size', type: 'real' })
  tickSize!: number
}

/** What the list says of an instrument beyond the columns everybody knows. */
@Entity('symbol_detail')
export class SymbolDetailEntity {
  @PrimaryColumn({ type: 'text' })
  broker!: string

  @PrimaryColumn({ type: 'text' })
  brexchange!: string

  @PrimaryColumn({ type: 'text' })
  token!: string

  /** Largest quantity of one order. */
  @Column({ name: 'freeze_quantity', type: 'integer', nullable: true })
  freezeQuantity!: number | null

  /** Rupees. */
  @Column({ name: 'band_low', type: 'real', nullable: true })
  bandLow!: number | null

  @Column({ name: 'band_high', type: 'real', nullable: true })
  bandHigh!: number | null

  @Column({ type: 'text' })
  series!: string

  @Column({ type: 'real' })
  multiplier!: number

  @Column({ type: 'text', nullable: true })
  isin!: string | null

  @Column({ type: 'text', nullable: true })
  underlying!: string | null

  @Column({ name: 'underlying_token', type: 'text', nullable: true })
  underlyingToken!: string | null

  /** The exchange's own code of the instrument. */
  @Column({ type: 'text', nullable: true })
  description!: string | null

  /** The broker's InstrumentID. */
  @Column({ name: 'instrument_id', type: 'text', nullable: true })
  instrumentId!: string | null

  @Column({ name: 'underlying_instrument_id', type: 'text', nullable: true })
  underlyingInstrumentId!: string | null

  @Column({ name: 'price_numerator', type: 'real', nullable: true })
  priceNumerator!: number | null

  @Column({ name: 'price_denominator', type: 'real', nullable: true })
  priceDenominator!: number | null
}

/** Which version of a broker's list the rows are; changes in the same transaction as they do. */
@Entity('symbol_list')
export class SymbolListEntity {
  @PrimaryColumn({ type: 'text' })
  broker!: string

  /** `vYYYYMMDD-n`. */
  @Column({ type: 'text' })
  version!: string
}
