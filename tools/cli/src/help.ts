import { USER_SCOPES } from '@xts-bridge/contracts'

export const HELP = `xb — the operator's command line of a running house

  xb tokens                     broker sessions: state, user, expiry
     --login                    log in anew to both APIs first (also ends a contest)
     --show-token               print the tokens as well; keep them to yourself
     --account <name>           another account than the default
  xb keys list                  every API key, revoked ones too
  xb keys create                a new API key; its text is shown this once
     --name <text>              whose it is
     --scopes <a,b>             out of ${USER_SCOPES.join(', ')}
     --accounts <a,b>           accounts it may act for; * means all
     --clients <a,b>            clientIDs it may act for; * means all
  xb keys revoke <keyId>        refuse a key from now on
  xb curve-keys                 keys of the encrypted bus; says its own commands
     --live                     with any command: the keys of npm run start:live (data-live/keys)

It reads AUTH_REQUESTS_ENDPOINT, DATA_DIR and KEYS_DIR as the house does, and uses the key KEYS_DIR/local-api.key.
Exit codes: 0 done, 1 refused, 2 done but not every session is live, 64 wrong usage, 69 the house is not up,
78 settings or key files are wrong.
`
