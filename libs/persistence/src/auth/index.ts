export * from './api-key-store'
export * from './open-auth-database'
export * from './session-store'
export * from './token-cipher'
