/** The wire types of `/api/v1`, as the center sends them, by noun. */
export type * from './common';
export type * from './devices';
export type * from './incidents';
export type * from './missions';
export type * from './patrols';
export type * from './people';
export type * from './robots';
export type * from './site';
export type * from './stream';
