"""Which function does each command; and the commands a cry for help hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mission_planner.bus import Command, Handler
from mission_planner.demo import SeedDemo, seed_demo
from mission_planner.fleet import ordering, patrols, progress, runs, scheduling, speaking
from mission_planner.incidents import (
    arrival,
    attendance,
    drawing,
    escalation,
    flood_watch,
    lifecycle,
    photo,
    pressing,
    reception,
    sending,
    shelving,
    verification,
)
from mission_planner.incidents.registry import credentials
from mission_planner.people import duty, management

HANDLERS: Mapping[type[Command[Any]], Handler] = {
    ordering.SteerMission: ordering.steer_mission,
    ordering.SteerRobot: ordering.steer_robot,
    speaking.Speak: speaking.speak,
    patrols.SavePatrol: patrols.save_patrol,
    patrols.RemovePatrol: patrols.remove_patrol,
    runs.RunPatrol: runs.run_patrol,
    scheduling.SettlePatrol: scheduling.settle_patrol,
    progress.TakeState: progress.take_state,
    progress.NoteLink: progress.note_link,
    progress.DropStrangers: progress.drop_strangers,
    drawing.TakeArrivals: drawing.take_arrivals,
    verification.LookAfter: verification.look_after,
    shelving.Shelve: shelving.shelve,
    shelving.Unshelve: shelving.unshelve,
    reception.OpenRipe: reception.open_ripe,
    escalation.Escalate: escalation.escalate,
    flood_watch.MindFlood: flood_watch.mind_flood,
    escalation.MindCalendar: escalation.mind_calendar,
    pressing.PressOrders: pressing.press_orders,
    lifecycle.DecideIncident: lifecycle.decide_incident,
    lifecycle.SendPerson: lifecycle.send_person,
    lifecycle.AddNote: lifecycle.add_note,
    photo.AddPhoto: photo.add_photo,
    sending.TakeOrder: sending.take_order,
    duty.PutShift: duty.put_shift,
    duty.RemoveShift: duty.remove_shift,
    management.CreateAccount: management.create_account,
    management.ChangeAccount: management.change_account,
    attendance.ReleaseRobot: attendance.release_robot,
    arrival.TakePicture: arrival.take_picture,
    credentials.Give: credentials.give,
    credentials.GiveGateway: credentials.give_gateway,
    credentials.Revoke: credentials.revoke,
    SeedDemo: seed_demo,
}

# A cry for help hangs on these: they are done where everything else is refused, on a full disk and in a full queue.
VITAL: frozenset[type[Command[Any]]] = frozenset(
    {
        drawing.TakeArrivals,
        reception.OpenRipe,
        escalation.Escalate,
        escalation.MindCalendar,
        pressing.PressOrders,
        sending.TakeOrder,
        verification.LookAfter,
        lifecycle.DecideIncident,
        lifecycle.SendPerson,
    }
)
