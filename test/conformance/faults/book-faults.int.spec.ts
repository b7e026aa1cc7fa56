import { BOOK_ROWS } from './book-rows'
import { playRows } from './fault-rows'

describe('a fault of the books', () => playRows(BOOK_ROWS))
