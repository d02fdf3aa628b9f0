"""The database connections of a region: as many as the real one may open, all of them open from the start."""
import contextlib
import queue

import psycopg2

import database
import host


def wanted(version, workers):
    """Per region (MAAS source: 10 for each worker and the master; API server, Temporal worker and Temporal from 3.5)."""
    count = 10 * (min(workers, 10) + 1)
    return count + (13 + 13 + 24 if version >= (3, 5) else 0)


class Pool:
    def __init__(self, values, count):
        self.values, self.free = values, queue.SimpleQueue()
        for _ in range(count):
            try:
                self.free.put(database.connect(values))
            except psycopg2.OperationalError as error:
                host.refuse(f"regiond: {error}")

    @contextlib.contextmanager
    def transaction(self):
        connection = self.free.get(timeout=30)
        try:
            if connection is None or connection.closed:
                connection = database.connect(self.values)
            with connection, connection.cursor() as cursor:
                yield cursor
        except psycopg2.OperationalError:
            if connection is not None:
                connection.close()
            connection = None
            raise
        finally:
            self.free.put(connection)
