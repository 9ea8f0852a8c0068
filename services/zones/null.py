"""Name servers that are not told anything: the records in the panel are all there is."""

from services.zones.base import ZoneDriver


class NullZones(ZoneDriver):
    """Everything is done as soon as it is asked for."""

    def publish(self, name, records):
        return {"records": len(records)}

    def remove(self, name):
        return {}
