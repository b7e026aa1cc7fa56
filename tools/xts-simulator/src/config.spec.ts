import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { helpText, printedConfig, readConfig, WrongSettings } from './config'
import { accountsOf, optionsSchema, type SimulatorSettings } from './options'
import { SETTINGS } from './settings-table'

const KEYS = { interactiveKey: 'ik', interactiveSecret: 'is', marketKey: 'mk', marketSecret: 'ms' }
const OTHER_KEYS = { interactiveKey: 'ik2', interactiveSecret: 'is2', marketKey: 'mk2', marketSecret: 'ms2' }
const TWO = [
  { userId: 'DESK1A02', kind: 'dealer', clientCodes: ['C1', 'C2'], ...KEYS },
  { userId: 'ME', ...OTHER_KEYS },
]

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig([], {})).toMatchObject({
      kind: 'run',
      settings: { port: 6500, controlPort: 6501, accountKind: 'retail', clock: 'wall', stepMs: 1 },
    })
  })

  it('prefers an argument to the environment', () => {
    const request = readConfig(['--port', '7001'], { XTS_SIMULATOR_PORT: '7000', XTS_SIMULATOR_SEED: '9' })
    expect(request).toMatchObject({ settings: { port: 7001, seed: 9 } })
  })

  it('reads lists, switches, and a number that may be a word', () => {
    const request = readConfig(['--tape-speed=max'], {
      XTS_SIMULATOR_CLIENT_CODES: 'A1, B2',
      XTS_SIMULATOR_ALGO_ACCOUNT: 'true',
    })
    expect(request).toMatchObject({
      settings: { clientCodes: ['A1', 'B2'], isAlgoAccount: true, tapeSpeed: 'max' },
    })
    expect(readConfig(['--tape-speed', '2.5'], {})).toMatchObject({ settings: { tapeSpeed: 2.5 } })
  })

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig([], { XTS_SIMULATOR_PORT: '', XTS_SIMULATOR_MASTERS_DIR: '' })).toMatchObject({
      settings: { port: 6500 },
    })
  })

  it('names every wrong setting at once, by where it came from', () => {
    const wrong = {
      XTS_SIMULATOR_PORT: '70000',
      XTS_SIMULATOR_ALGO_ACCOUNT: 'yes',
      XTS_SIMULATOR_START: 'noon',
    }
    expect(problemsOf(['--seed', 'x', '--clock', 'sundial', '--tls-cert', 'a.pem'], wrong)).toEqual([
      expect.stringMatching(/^XTS_SIMULATOR_PORT: .*65535/),
      expect.stringMatching(/^--seed: .*number/),
      expect.stringMatching(/^--clock: .*"wall"\|"virtual"/),
      expect.stringMatching(/^XTS_SIMULATOR_START: /),
      expect.stringMatching(/^XTS_SIMULATOR_ALGO_ACCOUNT: .*boolean/),
      '--tls-cert: tlsCert and tlsKey are needed together',
    ])
  })

  it('never repeats what was given: some of it is secret', () => {
    const problems = problemsOf(['--seed', 'hunter2'], { XTS_SIMULATOR_ACCOUNT_KIND: 'hunter2' })
    expect(problems.join()).not.toContain('hunter2')
  })

  it('refuses arguments it does not know, and one without its value', () => {
    expect(problemsOf(['--prot', '1', 'stray', '--seed'])).toEqual([
      '--prot: is no argument; --help shows all',
      '1: is no argument; --help shows all',
      'stray: is no argument; --help shows all',
      '--seed: needs a value',
    ])
    expect(problemsOf(['--seed', '--port', '7001'])).toContain('--seed: needs a value')
  })

  it('asks for help alone', () => {
    expect(readConfig(['--help'], { XTS_SIMULATOR_PORT: 'x' })).toEqual({ kind: 'help' })
    expect(readConfig(['-h'], {})).toEqual({ kind: 'help' })
  })

  describe('with a config file', () => {
    let folder: string
    let file: string
    const write = (settings: unknown): void => writeFileSync(file, JSON.stringify(settings))

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'config-'))
      file = join(folder, 'broker.json')
    })
    afterEach(() => rmSync(folder, { recursive: true }))

    it('ranks it below the environment and the arguments', () => {
      write({ port: 1, controlPort: 2, seed: 3, universe: 'small' })
      const request = readConfig(['--config', file, '--seed', '9'], { XTS_SIMULATOR_CONTROL_PORT: '8' })
      expect(request).toMatchObject({ settings: { port: 1, controlPort: 8, seed: 9, universe: 'small' } })
      expect(readConfig([], { XTS_SIMULATOR_CONFIG: file })).toMatchObject({ settings: { seed: 3 } })
    })

    it('says by path what is wrong in it, along with everything else', () => {
      write({
        prot: 1,
        port: '6500',
        accounts: [{ kind: 'bank', ...KEYS, colour: 'red' }, { kind: 'retail' }],
      })
      expect(problemsOf(['--config', file, '--seed', 'x'])).toEqual([
        expect.stringMatching(/broker\.json: port: .*expected number/),
        expect.stringMatching(/^--seed: /),
        expect.stringMatching(/broker\.json: accounts\[0\]\.kind: /),
        expect.stringMatching(/broker\.json: accounts\[0\]\.colour: is no setting/),
        expect.stringMatching(/broker\.json: accounts\[1\]\.interactiveKey: /),
        expect.stringMatching(/broker\.json: accounts\[1\]\.interactiveSecret: /),
        expect.stringMatching(/broker\.json: accounts\[1\]\.marketKey: /),
        expect.stringMatching(/broker\.json: accounts\[1\]\.marketSecret: /),
        expect.stringMatching(/broker\.json: prot: is no setting/),
      ])
    })

    it.each([
      ['is not there', undefined, /cannot be read \(.*ENOENT/],
      ['is no JSON', '{"port": 1,}', /is no JSON/],
      ['is no object', '[1]', /must be a JSON object of settings/],
    ])('names one that %s', (_what, text, problem) => {
      if (text !== undefined) writeFileSync(file, text)
      expect(problemsOf(['--config', file])).toEqual([expect.stringMatching(problem)])
    })

    it('opens all its accounts, or the one that is named', () => {
      write({ accounts: TWO })
      expect(accountsOf(settingsOf(['--config', file])).map(({ userId }) => userId)).toEqual([
        'DESK1A02',
        'ME',
      ])
      const named = accountsOf(settingsOf(['--config', file, '--account', 'ME']))
      expect(named).toMatchObject([{ userId: 'ME', kind: 'retail', interactiveKey: 'ik2' }])
      expect(problemsOf(['--config', file, '--account', 'NOBODY'])).toEqual([
        '--account: must be retail, dealer or pro, or the userId of one of the accounts',
      ])
    })

    it('refuses two accounts with one key', () => {
      write({ accounts: [TWO[0], { userId: 'ME', ...KEYS }] })
      expect(problemsOf(['--config', file])).toEqual([expect.stringMatching(/broker\.json: accounts: .*key/)])
    })
  })

  it('takes a kind for the one account of the other settings', () => {
    expect(accountsOf(settingsOf(['--account', 'pro']))).toMatchObject([{ kind: 'pro', userId: 'PRO001A02' }])
  })
})

describe('the settings table', () => {
  it('has a line for every option, and every option once', () => {
    const inFileOnly = ['accounts', 'clientCash', 'carriedPositions', 'holdings']
    const options = SETTINGS.map(({ option }) => option)
    expect([...options, ...inFileOnly].sort()).toEqual(Object.keys(optionsSchema.shape).sort())
  })

  it('has every argument and every variable once', () => {
    for (const names of [
      SETTINGS.flatMap(({ argument }) => argument ?? []),
      SETTINGS.flatMap(({ variable }) => variable ?? []),
    ])
      // prettier-ignore
      expect(new Set(names).size).toBe(names.length)
  })

  it('is all in the help', () => {
    const help = helpText()
    for (const { argument, variable, option } of SETTINGS) {
      if (argument !== undefined) expect(help).toContain(`--${argument}`)
      expect(help).toContain(variable ?? option)
    }
    expect(help).toMatch(/Ports and files[^]*World[^]*Time[^]*Tape[^]*Accounts/)
  })
})

describe('printedConfig', () => {
  it('shows the settings in force and no secret, and can be read back', () => {
    const settings = settingsOf(['--port', '7001'], { XTS_SIMULATOR_MARKET_SECRET: 'hush' })
    const printed = printedConfig(optionsSchema.parse({ ...settings, accounts: TWO }))
    expect(printed).not.toMatch(/hush|"is"|"ms2"/)
    expect(JSON.parse(printed)).toMatchObject({ port: 7001, marketSecret: '(set)', accounts: [{ marketSecret: '(set)' }, {}] }) // prettier-ignore
    expect(optionsSchema.safeParse(JSON.parse(printed)).success).toBe(true)
  })

  it('is asked for by --print-config', () => {
    expect(readConfig(['--print-config', '--seed', '4'], {})).toMatchObject({
      kind: 'print',
      settings: { seed: 4 },
    })
  })
})

function settingsOf(args: string[], environment = {}): SimulatorSettings {
  const request = readConfig(args, environment)
  if (request.kind !== 'run') throw new Error(`asked for ${request.kind}`)
  return request.settings
}

function problemsOf(args: string[], environment = {}): readonly string[] {
  try {
    readConfig(args, environment)
  } catch (error) {
    if (error instanceof WrongSettings) return error.problems
    throw error
  }
  return []
}
