"""Other systems' messages: one file for each, one protocol (`meaning.Adapter`), one list."""

from mission_planner.incidents.ingest.adapters.chirpstack import ChirpStack
from mission_planner.incidents.ingest.adapters.frigate import Frigate
from mission_planner.incidents.ingest.adapters.home_assistant import HomeAssistant
from mission_planner.incidents.ingest.adapters.ronda_json import RondaJson
from mission_planner.incidents.ingest.adapters.thingsboard import ThingsBoard
from mission_planner.incidents.ingest.adapters.zigbee2mqtt import Zigbee2Mqtt
from mission_planner.incidents.ingest.meaning import Adapter

# the first that takes a topic understands it; Home Assistant's takes any topic that is registered as an external id
ADAPTERS: tuple[Adapter, ...] = (RondaJson(), Zigbee2Mqtt(), ChirpStack(), Frigate(), ThingsBoard(), HomeAssistant())

__all__ = ["ADAPTERS"]
