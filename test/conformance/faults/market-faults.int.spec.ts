import { playRows } from './fault-rows'
import { MARKET_ROWS } from './market-rows'

describe('a fault of the market data', () => playRows(MARKET_ROWS))
