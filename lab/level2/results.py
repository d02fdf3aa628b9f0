"""What was measured, beside what it should be."""
import datetime
import os
import pathlib
import platform
import statistics

# A median of fewer than this says little: it is shown beside its target, and not judged.
FEW = 5


class Results:
    """Of one example."""

    def __init__(self, name):
        self.name, self.figures, self.cases = name, {}, []

    @classmethod
    def merged(cls, several):
        """What sites of one example saw."""
        whole = cls(several[0].name)
        for results in several:
            for event, seconds in results.figures.items():
                whole.figures.setdefault(event, []).extend(seconds)
            whole.cases += results.cases
        return whole

    def measured(self, event, limit, seconds):
        self.figures.setdefault((event, limit), []).append(seconds)
        print(f"  {event}: {seconds:.2f} s (at most {limit:g})", flush=True)

    def case(self, text, holds, note=""):
        self.cases.append((text, holds))
        print(f"  {'ok' if holds else 'NOT OK'}: {text}{' — ' + note if note else ''}", flush=True)

    @property
    def rows(self):
        for (event, limit), seconds in self.figures.items():
            median = statistics.median(seconds)
            yield event, limit, median, seconds, median <= limit or len(seconds) < FEW

    @property
    def all_hold(self):
        return bool(self.figures or self.cases) and all(row[-1] for row in self.rows) and all(holds for _, holds in self.cases)

    def summary(self):
        width = max([len(event) for event, _ in self.figures] + [20])
        yield ""
        yield f"{self.name + ': event':{width}}  target   median  each"
        for event, limit, median, seconds, holds in self.rows:
            each = " ".join(f"{value:.2f}" for value in seconds)
            yield f"{event:{width}}  {limit:4.1f} s  {median:5.2f} s  {each}{'' if median <= limit else '   over the target' if holds else '   OVER THE TARGET'}"
        failed = [text for text, holds in self.cases if not holds]
        yield f"{len(self.cases) - len(failed)} of {len(self.cases)} other claims hold"
        yield from (f"NOT OK: {text}" for text in failed)

    def page(self, repeats):
        day = datetime.datetime.now(datetime.timezone.utc).date()
        yield f"## Level 2: daemons in namespaces, the example `{self.name}`"
        yield ""
        yield f"Written by `lab/level2/run.sh --full` on {day}, Linux {platform.release()}, {os.cpu_count()} cores; median of {repeats}."
        yield "The servers' data lies in memory, so the times hold no disk."
        yield ""
        yield "| event | target | median | each |"
        yield "|---|---|---|---|"
        for event, limit, median, seconds, holds in self.rows:
            yield f"| {event} | {limit:g} s | {'' if holds else '**over** '}{median:.2f} s | {' '.join(f'{value:.2f}' for value in seconds)} |"
        yield ""
        yield "What only more than one file or host can show:"
        yield ""
        for text in dict.fromkeys(text for text, _ in self.cases):
            yield f"- {'' if all(holds for other, holds in self.cases if other == text) else '**not so:** '}{text}"

    def write(self, path, repeats):
        """Replaces this example's part of the page and leaves the rest."""
        begin, end = (f"<!-- level 2, {self.name}: {word} -->" for word in ("begin", "end"))
        page = pathlib.Path(path)
        old = page.read_text(encoding="utf-8") if page.exists() else "# Laboratory results\n"
        before, _, rest = old.partition(begin)
        after = rest.partition(end)[2].strip("\n")
        part = "\n".join([begin, *self.page(repeats), end])
        page.parent.mkdir(exist_ok=True)
        page.write_text("\n\n".join(text for text in (before.rstrip("\n"), part, after) if text) + "\n", encoding="utf-8")
