/** OpenAlgo's names of the NSE indices whose name is not just the broker's without spaces. */
const NSE_NAMES: Readonly<Record<string, string>> = {
  'NIFTY 50': 'NIFTY',
  'NIFTY BANK': 'BANKNIFTY',
  'INDIA VIX': 'INDIAVIX',
  'NIFTY FIN SERVICE': 'FINNIFTY',
  'NIFTY MID SELECT': 'MIDCPNIFTY',
  'NIFTY NEXT 50': 'NIFTYNXT50',
  'HANGSENG BEES NAV': 'HANGSENGBEESNAV',
}

/** OpenAlgo's names of the BSE indices by the broker's short code. */
const BSE_NAMES: Readonly<Record<string, string>> = {
  SNSX50: 'SENSEX50',
  SNXT50: 'BSESENSEXNEXT50',
  MID150: 'BSE150MIDCAPINDEX',
  LMI250: 'BSE250LARGEMIDCAPINDEX',
  MSL400: 'BSE400MIDSMALLCAPINDEX',
  AUTO: 'BSEAUTO',
  'BSE CG': 'BSECAPITALGOODS',
  CARBON: 'BSECARBONEX',
  'BSE CD': 'BSECONSUMERDURABLES',
  CPSE: 'BSECPSE',
  DOL100: 'BSEDOLLEX100',
  DOL200: 'BSEDOLLEX200',
  DOL30: 'BSEDOLLEX30',
  ENERGY: 'BSEENERGY',
  BSEFMC: 'BSEFASTMOVINGCONSUMERGOODS',
  FIN: 'BSEFINANCIALSERVICES',
  FINSER: 'BSEFINANCIALSERVICES',
  GREENX: 'BSEGREENEX',
  'BSE HC': 'BSEHEALTHCARE',
  INFRA: 'BSEINDIAINFRASTRUCTUREINDEX',
  INDSTR: 'BSEINDUSTRIALS',
  'BSE IT': 'BSEINFORMATIONTECHNOLOGY',
  LRGCAP: 'BSELARGECAP',
  METAL: 'BSEMETAL',
  MIDCAP: 'BSEMIDCAP',
  MIDSEL: 'BSEMIDCAPSELECTINDEX',
  OILGAS: 'BSEOIL&GAS',
  POWER: 'BSEPOWER',
  BSEPBI: 'BSEPSU',
  REALTY: 'BSEREALTY',
  SMLCAP: 'BSESMALLCAP',
  SMLSEL: 'BSESMALLCAPSELECTINDEX',
  SMEIPO: 'BSESMEIPO',
  TECK: 'BSETECK',
  TELCOM: 'BSETELECOM',
}

/** OpenAlgo's symbol of an index: a known name, else the broker's in capitals without spaces and hyphens. */
export function indexSymbol(exchange: 'NSE_INDEX' | 'BSE_INDEX', name: string): string {
  const names = exchange === 'NSE_INDEX' ? NSE_NAMES : BSE_NAMES
  const upper = name.trim().toUpperCase()
  return names[upper] ?? upper.replace(/[ -]/g, '')
}
