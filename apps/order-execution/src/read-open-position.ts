import { openPositionSchema, parseRequest, type OpenPosition } from '@xts-bridge/contracts'
import type { HouseAccount } from './house-account'
import type { InstrumentsPort } from './ports'
import type { PositionBook } from './position-book'

export interface ReadOpenPositionParts {
  readonly house: HouseAccount
  readonly positions: PositionBook
  readonly instruments: Pick<InstrumentsPort, 'require'>
}

/** `book.open-position`: the net quantity of one position, as text. */
export class ReadOpenPosition {
  constructor(private readonly parts: ReadOpenPositionParts) {}

  /** "0" only where the book shows it. Throws INSTRUMENT_NOT_FOUND, and XTS_READ_FAILED as `book.positions`. */
  async read(data: unknown): Promise<OpenPosition> {
    const { house, positions, instruments } = this.parts
    const { account, clientID, exchange, symbol, product, fresh } = parseRequest(openPositionSchema, data)
    house.check(account)
    const { segment, token } = instruments.require({ exchange, symbol })
    const { positions: all, asOfMs } = await positions.current(clientID, fresh)
    const own = all.find(
      ({ key }) => key.segment === segment && key.token === token && key.product === product,
    )
    const quantity = String(own?.net ?? 0)
    return { account: house.name, clientID, exchange, symbol, product, quantity, asOfMs }
  }
}
