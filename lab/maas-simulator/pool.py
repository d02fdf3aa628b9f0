"""The database connections of a region: as many as the real one may open, all of them open from the start."""
import contextlib
import itertools
import queue

import psycopg2

import database
import host

# What a worker's threads for the database may be (MAAS source, src/maasserver/utils/threads.py); its tenth connection listens.
THREADS = 9


def wanted(version, workers):
    """Per region (MAAS source: 10 for each worker and the master; API server, Temporal worker and Temporal from 3.5)."""
    count = 10 * (min(workers, 10) + 1)
    return count + (13 + 13 + 24 if version >= (3, 5) else 0)


class Pool:
    def __init__(self, values, count, workers):
        self.values, self.free = values, queue.SimpleQueue()
        self.turns, self.idle, self.made = itertools.cycle(range(workers)), [queue.SimpleQueue() for _ in range(workers)], [0] * workers
        for _ in range(count):
            try:
                self.free.put(database.connect(values))
            except psycopg2.OperationalError as error:
                host.refuse(f"regiond: {error}")

    @contextlib.contextmanager
    def transaction(self):
        """Work of MAAS' own, which looks first whether its connection still is one (MAAS source, src/maasserver/utils/orm.py, connected)."""
        connection = self.free.get(timeout=30)
        try:
            connection = self.usable(connection)
            with connection, connection.cursor() as cursor:
                yield cursor
        finally:
            self.free.put(connection)

    @contextlib.contextmanager
    def request(self):
        """A request, by a thread of one worker. The thread keeps its connection, and finds out that it is lost only by a request that fails
        (Django source, django/db/__init__.py, close_old_connections)."""
        worker = next(self.turns)
        connection, is_new = self.thread(worker)
        try:
            if is_new:
                connection = self.usable(connection)
            elif connection.closed:
                connection = database.connect(self.values)
            with connection, connection.cursor() as cursor:
                yield cursor
        finally:
            self.idle[worker].put(connection)

    def thread(self, worker):
        """The connection of an idle thread, or of a new one where all are at work and there may be more."""
        try:
            return self.idle[worker].get_nowait(), False
        except queue.Empty:
            if self.made[worker] >= THREADS:
                return self.idle[worker].get(timeout=30), False
            self.made[worker] += 1
            return self.free.get(timeout=30), True

    def usable(self, connection):
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            return connection
        except psycopg2.Error:
            return database.connect(self.values)
