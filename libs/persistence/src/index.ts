export * from './database'
export * from './auth'
export * from './orders'
export * from './instruments'
