export { AppError } from '@xts-bridge/contracts'
export type {
  CancelAllAnswer,
  ChangedOrder,
  DryRun,
  EventLoss,
  OrderEvent,
  OrderView,
  PlacedOrder,
  BookedOrder,
  ConvertedPosition,
  FundsView,
  HoldingView,
  NativePositions,
  OpenPosition,
  OrderHistory,
  PositionView,
  TradeView,
  Quote,
  SmartOrderAnswer,
  TickPayload,
} from '@xts-bridge/contracts'
export * from './curve-keys'
export type { RefusalListener } from './house-connection'
export type { AskOptions } from './service-link'
export type { TickListener } from './tick-stream'
export * from './xts-bridge'
export * from './xts-admin'
