/** The names of what an account may do, as the center's role table has them. */
export const ACTIONS = {
  acknowledge: 'incident.acknowledge',
  close: 'incident.close',
  falseAlarm: 'incident.false_alarm',
  reopen: 'incident.reopen',
  note: 'incident.note',
  release: 'incident.release', // let the robot go that waits there
  shelve: 'sensor.shelve', // take a source off the shelf, too
  watchVideo: 'video.watch',
  robotOrder: 'robot.order', // dock, pause, resume
  missionOrder: 'mission.order', // cancel
  patrolEdit: 'patrol.edit',
  patrolRun: 'patrol.run',
} as const;
