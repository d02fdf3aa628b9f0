"""What was measured, beside what it should be."""
import datetime
import pathlib
import platform
import statistics

BEGIN, END = "<!-- level 2 begins -->", "<!-- level 2 ends -->"


class Results:
    def __init__(self):
        self.figures, self.cases = {}, []

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
            yield event, limit, median, seconds, median <= limit

    @property
    def all_hold(self):
        return bool(self.figures or self.cases) and all(row[-1] for row in self.rows) and all(holds for _, holds in self.cases)

    def table(self):
        width = max([len(event) for event, _ in self.figures] + [5])
        yield f"{'event':{width}}  target   median  each"
        for event, limit, median, seconds, holds in self.rows:
            each = " ".join(f"{value:.2f}" for value in seconds)
            yield f"{event:{width}}  {limit:4.1f} s  {median:5.2f} s  {each}{'' if holds else '   OVER THE TARGET'}"

    def page(self, repeats):
        day = datetime.datetime.now(datetime.timezone.utc).date()
        yield "## Level 2: daemons in namespaces"
        yield ""
        yield f"Written by `lab/level2/run.sh --full` on {day}, Linux {platform.release()}; median of {repeats}."
        yield "Servers' data lies in memory, so the times hold no disk."
        yield ""
        yield "| event | target | median | each |"
        yield "|---|---|---|---|"
        for event, limit, median, seconds, holds in self.rows:
            yield f"| {event} | {limit:g} s | {'' if holds else '**over** '}{median:.2f} s | {' '.join(f'{value:.2f}' for value in seconds)} |"
        yield ""
        yield "What only more than one file or host can show:"
        yield ""
        for text, holds in dict.fromkeys(self.cases):
            yield f"- {'' if holds else '**not so:** '}{text}"

    def write(self, path, repeats):
        """Replaces this level's part of the page and leaves the rest."""
        page = pathlib.Path(path)
        old = page.read_text(encoding="utf-8") if page.exists() else "# Laboratory results\n"
        before, _, rest = old.partition(BEGIN)
        after = rest.partition(END)[2].strip("\n")
        part = "\n".join([BEGIN, *self.page(repeats), END])
        page.parent.mkdir(exist_ok=True)
        page.write_text("\n\n".join(text for text in (before.rstrip("\n"), part, after) if text) + "\n", encoding="utf-8")
