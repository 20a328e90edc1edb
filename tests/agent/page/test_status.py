"""The status page: the same for the same store, silent about what its tier must not tell, and readable by everybody."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe

from agent.board import board
from agent.manifest import Tier
from agent.outlook import outlook
from agent.page.status import policy_of, render_status, write_status
from agent.page.strips import counts
from agent.showing import to_do
from agent.words import outlook_lines
from controls.catalogue import CHECKS
from tests.agent.living import DAY, PROGRAMME, Life, begin


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> Life:
    """Two months with a failure, an exception-free outage, a day unseen and a missed day."""
    life = begin(tmp_path_factory.mktemp("life"))
    life.cloud.volume("two", encrypted=False)
    life.days(12)
    life.clock.now += DAY
    life.cloud.denied.add("aws/111122223333/eu-west-1/aws.volumes")
    life.days(3)
    life.cloud.denied.clear()
    life.days(15)
    life.cloud.volume("two", encrypted=True)
    life.days(4)
    life.cloud.denied.add("aws/111122223333/eu-west-1/aws.volumes")
    life.days(1)
    return life


def shown(life: Life, tier: Tier = Tier.PUBLIC):
    agent = life.agent
    view = outlook(agent.store, agent.journal, CHECKS, (), life.clock.now)
    return board(view, agent.store, agent.journal, to_do(view, agent, agent.journal), tier)


@pytest.fixture(scope="module", params=[Tier.PUBLIC, Tier.AUDITOR])
def page(request, life) -> str:
    return render_status(shown(life, request.param))


def test_exemptions_that_clouds_keep_are_counted_beside_our_exceptions(life):
    found = shown(life)
    (service,) = found.services
    assert service.exemptions == 0 and "own record" not in render_status(found)
    with_two = msgspec.structs.replace(found, services=(msgspec.structs.replace(service, exemptions=2),))
    assert "2 exemptions from policy in force by the clouds' own record" in render_status(with_two)
    view = outlook(life.agent.store, life.agent.journal, CHECKS, (), life.clock.now)
    (one,) = view.services
    said = msgspec.structs.replace(view, services=(msgspec.structs.replace(one, exemptions=2),))
    words = "  exemptions from policy in force, by the clouds' own record: 2"
    assert words in list(outlook_lines(said)) and words not in list(outlook_lines(view))


def test_the_board_counts_what_the_journal_holds(life):
    found = shown(life)
    september, october = found.cycles
    assert (september.id, september.word, counts(september.days)) == (
        "2026-09",
        "sealed",
        "26 complete, 3 partial, 1 missed",
    )
    assert (october.word, counts(october.days)) == ("open", "5 complete, 1 partial, 25 to come")
    assert [row.cycle for row in found.services[0].bundles] == ["2026-09"]
    assert found.services[0].left == (datetime(2026, 11, 3, tzinfo=UTC) - life.clock.now).total_seconds()


def test_work_is_counted_for_everybody_and_told_to_the_auditor(life):
    public, auditor = shown(life), shown(life, Tier.AUDITOR)
    assert public.work["review"] == (1, 0) and public.items == ()
    assert {item.kind for item in auditor.items} == set(auditor.work)
    page = render_status(auditor)
    assert "storage-lead" in page and "answer its deviations and sign" in page


def test_hours_are_shown_as_days(tmp_path):
    life = begin(tmp_path, programme=PROGRAMME.replace("24h", "6h"))
    for _ in range(6):
        life.run()
        life.clock.now += DAY / 4
    assert shown(life).cycles[0].days[:2] == ("complete", "complete")
    assert len(shown(life).cycles[0].days) == 30
    life.clock.now += DAY
    assert shown(life).cycles[0].days[:2] == ("complete", "missed")


def test_a_missed_cycle_is_on_the_page(tmp_path):
    life = begin(tmp_path)
    life.run()
    life.clock.now = datetime(2026, 11, 2, tzinfo=UTC)
    life.run()
    found = shown(life)
    assert [row.word for row in found.cycles] == ["sealed late", "missed", "open"]
    assert "the journal holds the signed entry of the miss" in render_status(found)


def test_the_same_store_gives_the_same_bytes(life):
    assert render_status(shown(life)) == render_status(shown(life))


def test_the_public_page_names_no_account_and_no_resource(life):
    public, auditor = render_status(shown(life)), render_status(shown(life, Tier.AUDITOR))
    for secret in ("111122223333", "arn:aws", "eu-west-1", "aws.volumes", "storage-lead", "AccessDenied"):
        assert secret not in public
    assert "111122223333" in auditor and "AccessDenied" in auditor


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.found, self.loaded = [], [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.found += [attributes["href"]] if tag == "a" else []
        self.loaded += [attributes[name] for name in ("src", "action", "data") if name in attributes]
        assert tag not in {"script", "iframe", "form", "object"}


def test_every_link_leads_somewhere_and_nothing_is_loaded(page):
    links = Links()
    links.feed(page)
    assert len(links.ids) == len(set(links.ids))
    assert all(link.removeprefix("#") in links.ids for link in links.found)
    assert links.loaded == [] and not re.search(r"url\((?!#)", page)


def test_the_verify_command_names_a_bundle_that_is_there(life):
    page = render_status(shown(life))
    (path,) = re.findall(r"verify --key provider-key\.pem (\S+?)<", page)
    assert (life.folder / "store" / path).is_file()


def test_hostile_names_stay_text(life):
    import msgspec

    page = render_status(msgspec.structs.replace(shown(life), provider="<script>alert(1)</script>\u202e"))
    assert "<script>" not in page and "⟨U+202E⟩" in page


def test_a_page_is_replaced_in_one_step(tmp_path, page):
    path = write_status(tmp_path / "status", "old")
    write_status(tmp_path / "status", page)
    assert path.read_text() == page and list(path.parent.iterdir()) == [path]


def test_the_policy_is_the_pages_own(page):
    assert policy_of(page).startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [
        (1280, 900, "light"),
        (375, 812, "dark"),
        pytest.param(1280, 900, "dark", marks=(pytest.mark.slow, pytest.mark.whole)),
        pytest.param(375, 812, "light", marks=(pytest.mark.slow, pytest.mark.whole)),
    ],
)
def test_a_browser_shows_it_without_fault(browser, tmp_path, page, width, height, scheme):
    path: Path = write_status(tmp_path, page)
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    try:
        tab, said, asked = context.new_page(), [], []
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(path.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out sideways"
        assert (said, asked) == ([], [path.as_uri()])
        found = Axe().run(tab)
        assert found.violations_count == 0, found.generate_report()
        assert tab.locator(".strip").first.bounding_box()["height"] > 10
    finally:
        context.close()
