/** A listed company: one row in NSECM, one in BSECM, and futures and options when it has a contract size. */
export interface Company {
  readonly name: string
  readonly nseToken: number
  readonly bseToken: number
  readonly price: number
  readonly tickSize: number
  /** Contract size in NSEFO; undefined for a stock without derivatives. */
  readonly contractLot?: number | undefined
  readonly isin: string
  readonly company: string
}

type KnownStock = readonly [string, number, number, number, number, number, string, string]

// name, NSE token, BSE token, price, tick, contract lot, ISIN, company: public exchange data of 2026
const KNOWN: readonly KnownStock[] = [
  ['RELIANCE', 2885, 500325, 1457.9, 0.1, 500, 'INE002A01018', 'RELIANCE INDUSTRIES LTD'],
  ['SBIN', 3045, 500112, 1042.3, 0.05, 750, 'INE062A01020', 'STATE BANK OF INDIA'],
  ['INFY', 1594, 500209, 1689.8, 0.1, 400, 'INE009A01021', 'INFOSYS LIMITED'],
  ['TCS', 11536, 532540, 3206.7, 0.1, 225, 'INE467B01029', 'TATA CONSULTANCY SERV LT'],
  ['HDFCBANK', 1333, 500180, 931.1, 0.05, 650, 'INE040A01034', 'HDFC BANK LTD'],
  ['ICICIBANK', 4963, 532174, 1410.8, 0.1, 700, 'INE090A01021', 'ICICI BANK LTD.'],
  ['AXISBANK', 5900, 532215, 1294.2, 0.1, 625, 'INE238A01034', 'AXIS BANK LIMITED'],
  ['ITC', 1660, 500875, 329.2, 0.05, 1725, 'INE154A01025', 'ITC LTD'],
  ['LT', 11483, 500510, 3856.4, 0.1, 175, 'INE018A01030', 'LARSEN & TOUBRO LTD.'],
  ['KOTAKBANK', 1922, 500247, 418.2, 0.1, 2000, 'INE237A01036', 'KOTAK MAHINDRA BANK LTD'],
  ['BHARTIARTL', 10604, 532454, 2016.4, 0.1, 475, 'INE397D01024', 'BHARTI AIRTEL LIMITED'],
  ['HINDUNILVR', 1394, 500696, 2360.4, 0.1, 300, 'INE030A01027', 'HINDUSTAN UNILEVER LTD.'],
  ['MARUTI', 10999, 532500, 15859, 1, 50, 'INE585B01010', 'MARUTI SUZUKI INDIA LTD.'],
  ['TATASTEEL', 3499, 500470, 188.2, 0.01, 2750, 'INE081A01020', 'TATA STEEL LIMITED'],
  ['WIPRO', 3787, 507685, 267.4, 0.05, 3000, 'INE075A01022', 'WIPRO LTD'],
  ['HCLTECH', 7229, 532281, 1698, 0.1, 400, 'INE860A01027', 'HCL TECHNOLOGIES LTD'],
  ['SUNPHARMA', 3351, 524715, 1668.9, 0.1, 350, 'INE044A01036', 'SUN PHARMACEUTICAL IND L'],
  ['TITAN', 3506, 500114, 4196.9, 0.1, 175, 'INE280A01028', 'TITAN COMPANY LIMITED'],
  ['NTPC', 11630, 532555, 346.4, 0.05, 1500, 'INE733E01010', 'NTPC LTD'],
  ['ONGC', 2475, 500312, 247.2, 0.01, 2250, 'INE213A01029', 'OIL AND NATURAL GAS CORP.'],
  ['M&M', 2031, 500520, 3658.2, 0.1, 200, 'INE101A01026', 'MAHINDRA & MAHINDRA LTD'],
  ['BAJAJ-AUTO', 16669, 532977, 9489, 0.5, 75, 'INE917I01010', 'BAJAJ AUTO LIMITED'],
  ['IDEA', 14366, 532822, 10.8, 0.01, 71475, 'INE669E01016', 'VODAFONE IDEA LIMITED'],
  ['YESBANK', 11915, 532648, 23.5, 0.01, 31100, 'INE528G01035', 'YES BANK LIMITED'],
]

export const KNOWN_STOCKS: readonly Company[] = KNOWN.map(
  ([name, nseToken, bseToken, price, tickSize, contractLot, isin, company]) => ({
    name,
    nseToken,
    bseToken,
    price,
    tickSize,
    contractLot,
    isin,
    company,
  }),
)
