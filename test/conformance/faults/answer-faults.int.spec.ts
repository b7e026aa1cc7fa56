import { ANSWER_ROWS } from './answer-rows'
import { playRows } from './fault-rows'

describe('a fault of the answers', () => playRows(ANSWER_ROWS))
