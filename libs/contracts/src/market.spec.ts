import { parseTickTopic, tickTopic } from './market'

describe('tick topic', () => {
  it.each([
    ['NSE_RELIANCE_LTP', { exchange: 'NSE', symbol: 'RELIANCE', mode: 'LTP' }],
    ['NSE_INDEX_NIFTY_QUOTE', { exchange: 'NSE_INDEX', symbol: 'NIFTY', mode: 'QUOTE' }],
    ['NFO_NIFTY26NOVFUT_DEPTH', { exchange: 'NFO', symbol: 'NIFTY26NOVFUT', mode: 'DEPTH' }],
    ['BSE_A_B_LTP', { exchange: 'BSE', symbol: 'A_B', mode: 'LTP' }],
    ['NSE_M&M-BE_LTP', { exchange: 'NSE', symbol: 'M&M-BE', mode: 'LTP' }],
  ])('%s is read and written alike', (text, topic) => {
    expect(parseTickTopic(text)).toEqual(topic)
    const read = parseTickTopic(text)
    expect(read && tickTopic(read)).toBe(text)
  })

  it.each([
    '',
    'NSE_',
    'NSE_RELIANCE',
    'NSE_LTP',
    'NSE__LTP',
    'XYZ_RELIANCE_LTP',
    'nse_RELIANCE_LTP',
    'NSE_RELIANCE_ltp',
    'NSE_INDEX_LTP',
  ])('%j is no full topic', (text) => {
    const topic = parseTickTopic(text)
    // NSE_INDEX_LTP reads as symbol INDEX on NSE only if no index symbol is named.
    expect(topic === undefined || (text === 'NSE_INDEX_LTP' && topic.symbol === 'INDEX')).toBe(true)
  })
})
