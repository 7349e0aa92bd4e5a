/** Holdfast as a library: the vocabulary, the API's use cases as typed functions, and the plan. */
export { accountFrom, type Account, type Credentials, type Environment } from './catapult/credentials.js';
export type { Evidence, Failure } from './catapult/answer.js';
export type { Catapult, Live } from './catapult/catapult.js';
export { type CatapultClient, type CatapultConfig, makeCatapult } from './catapult/client.js';
export { defaultEndpoint, type Endpoint, parseEndpoint } from './catapult/endpoint.js';
export {
  completeConference,
  getConference,
  holdConference,
  muteConference,
  unholdConference,
  unmuteConference,
  updateConference,
  type Updating,
} from './catapult/use-cases.js';
export { ConferenceId } from './conference/id.js';
export type { Place } from './conference/place.js';
export {
  type Body,
  CallbackTimeoutMs,
  CompletedState,
  Flag,
  HttpMethod,
  type Setting,
  Settings,
  type SettingValue,
} from './conference/settings.js';
export { WebUrl } from './conference/url.js';
export { combine, type Combined } from './desired/combine.js';
export type { Declared, DeclaredSetting, DeclaredSettings, Desired } from './desired/desired.js';
export type { ManifestFile } from './desired/manifest.js';
export { readManifest } from './desired/read-manifest.js';
export type { Problem } from './desired/problem.js';
export { makePlan as plan, type PlanInput, type PlanRules } from './plan/make-plan.js';
export type { Change, Plan } from './plan/plan.js';
