import fc from 'fast-check'
import { action, perform } from '../testing/exchange-actions'
import { expectSoundExchange } from '../testing/exchange-soundness'
import { openExchange } from '../testing/open-exchange'
import type { SimOrder } from './sim-order'

describe('whatever clients do', () => {
  it('orders take only documented steps, fills add up, and positions are the sum of the trades', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const opened = openExchange()
        const orders: SimOrder[] = []
        for (const step of actions) perform(opened, orders, step)
        opened.tasks.runAll()
        expectSoundExchange(opened, orders)
      }),
      { numRuns: 150, seed: 20_261_120 },
    )
  })
})
