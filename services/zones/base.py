"""What all kinds of name servers have in common: they publish the state that the panel keeps."""

from services.drivers import Done, Driver


class ZoneDriver(Driver):
    """Publishes whole zones. Being told the same state twice changes nothing more."""

    def zone(self, job):
        """Publishes the records as they are now, or takes the zone of a service that has ended away."""
        from services.dns import publishing  # asks for jobs, which are done by drivers such as this one

        taken = publishing.take(job.service)
        if taken.records is None:
            answer = self.remove(taken.name) if taken.name else {}
        else:
            answer = self.publish(taken.name, taken.records)
        publishing.settle(job.service, taken, by=job.by)
        return Done(answer=answer)

    def publish(self, name, records):
        """Makes the zone if it is missing and has it say `records` (DnsRecord), no more and no less.

        Returns what is kept with the job for staff. Raises DriverError.
        """
        raise NotImplementedError

    def remove(self, name):
        """Deletes the zone; one that is not there is no failure. Returns what is kept with the job."""
        raise NotImplementedError
