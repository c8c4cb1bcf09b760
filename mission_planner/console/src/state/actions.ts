/** The names of what an account may do, as the center's role table has them. */
export const ACTIONS = {
  note: 'incident.note',
  arrive: 'incident.arrive',
  release: 'incident.release', // let the robot go that waits there
  shelve: 'sensor.shelve', // take a source off the shelf, too
  sensorEdit: 'sensor.edit', // import devices, give them credentials
  accountManage: 'account.manage',
  dutyEdit: 'duty.edit',
  evidenceExport: 'evidence.export',
  watchVideo: 'video.watch',
  robotOrder: 'robot.order', // dock, pause, resume
  missionOrder: 'mission.order', // cancel
  patrolEdit: 'patrol.edit',
  patrolRun: 'patrol.run',
} as const;
