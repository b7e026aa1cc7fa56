import { SEGMENT_NUMBERS } from '../universe/segments'
import { success, type Answer } from '../wire/envelopes'

/** GET /config/clientConfig: the dictionaries a screen needs. */
export function readClientConfig(): Answer {
  return success('s-response-0001', 'Fetched configurations successfully', {
    exchangeSegments: SEGMENT_NUMBERS,
    xtsMessageCode: {
      touchlineEvent: 1501,
      marketDepthEvent: 1502,
      indexDataEvent: 1504,
      candleDataEvent: 1505,
      marketStatusEvent: 1507,
      openInterestEvent: 1510,
      ltpEvent: 1512,
      instrumentPropertyChangeEvent: 1105,
    },
    publishFormat: ['JSON', 'Binary'],
    broadCastMode: ['Full', 'Partial'],
    instrumentType: {
      Futures: 1, Options: 2, Spread: 4, Equity: 8, Spot: 16, PreferenceShares: 32, Debentures: 64, Warrants: 128,
      Miscellaneous: 256, MutualFund: 512,
    }, // prettier-ignore
  })
}
