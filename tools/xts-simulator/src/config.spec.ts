import { helpText, readConfig, WrongSettings } from './config'

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig([], {})).toMatchObject({
      kind: 'run',
      settings: { port: 6500, controlPort: 6501, accountKind: 'retail' },
    })
  })

  it('prefers an argument to the environment', () => {
    const request = readConfig(['--port', '7001'], { XTS_SIMULATOR_PORT: '7000', XTS_SIMULATOR_SEED: '9' })
    expect(request).toMatchObject({ settings: { port: 7001, seed: 9 } })
  })

  it('reads lists and switches', () => {
    const request = readConfig([], {
      XTS_SIMULATOR_CLIENT_CODES: 'A1, B2',
      XTS_SIMULATOR_ALGO_ACCOUNT: 'true',
    })
    expect(request).toMatchObject({ settings: { clientCodes: ['A1', 'B2'], isAlgoAccount: true } })
  })

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig([], { XTS_SIMULATOR_PORT: '', XTS_SIMULATOR_MASTERS_DIR: '' })).toMatchObject({
      settings: { port: 6500 },
    })
  })

  it('names every wrong setting by its variable', () => {
    const wrong = {
      XTS_SIMULATOR_PORT: '70000',
      XTS_SIMULATOR_ACCOUNT_KIND: 'bank',
      XTS_SIMULATOR_ALGO_ACCOUNT: 'yes',
    }
    expect(() => readConfig([], wrong)).toThrow(
      /XTS_SIMULATOR_PORT: [^]*XTS_SIMULATOR_ACCOUNT_KIND: [^]*XTS_SIMULATOR_ALGO_ACCOUNT: /,
    )
  })

  it('refuses an argument it does not know', () => {
    expect(() => readConfig(['--prot', '1'], {})).toThrow(WrongSettings)
  })

  it('asks for help alone', () => {
    expect(readConfig(['--help'], { XTS_SIMULATOR_PORT: 'x' })).toEqual({ kind: 'help' })
    expect(helpText()).toContain('--control-port')
  })
})
