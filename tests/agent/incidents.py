"""What can go wrong, or merely change, in a simulated year (`tests.agent.years`)."""

from datetime import timedelta

from tests.agent.years import ACCOUNTS, EVERY, ZONES, Year


def outage(year: Year) -> None:
    """Nobody runs, for a day up to seven weeks."""
    for one in list(year.replicas):
        year.stop(one) if year.random.random() < 0.5 else year.lose(one)
    year.clock.now += timedelta(hours=year.random.choice([24, 100, 300, 1200]))
    year.man()


def kill(year: Year) -> None:
    """A process is killed at one of its next writes, and another one starts."""
    for one in year.random.sample(year.replicas, min(1, len(year.replicas))):
        year.disturb()
        one.store.fuse = year.random.randrange(-1, 25)
    year.go_on(year.now + timedelta(days=12))
    year.mend()
    year.man()


def away(year: Year) -> None:
    """The store is away for up to a week."""
    year.disturb()
    for one in year.replicas:
        one.store.away = True
    year.go_on(year.now + timedelta(hours=year.random.randrange(1, 170)))
    year.mend()


def denied(year: Year) -> None:
    """One cell is denied, perhaps the organisation too: of a small estate that may be all there is to read."""
    since = year.now
    if year.random.random() < 0.3:
        year.cloud.organization_denied = True
    year.cloud.denied.add("aws/111122223333/eu-west-1/aws.volumes")
    year.go_on(year.now + timedelta(days=year.random.randrange(1, 15)))
    year.dark.append((since, year.now))
    year.mend()


def revoked(year: Year) -> None:
    """Credentials are revoked: nothing can be read, for an hour up to a week."""
    since, year.cloud.revoked = year.now, True
    year.go_on(year.now + timedelta(hours=year.random.choice([1, 5, 30, 170])))
    year.dark.append((since, year.now))
    year.mend()


def bug(year: Year) -> None:
    """Visits raise what nobody foresaw, for some hours."""
    year.disturb()
    year.cloud.broken = 0
    year.go_on(year.now + timedelta(hours=year.random.randrange(1, 60)))
    year.mend()


def scope(year: Year) -> None:
    """An account comes, or goes."""
    cloud, account = year.cloud, year.random.choice(ACCOUNTS)
    if cloud.accounts.pop(account, None) is None:
        cloud.accounts[account] = ("eu-west-1",)
        cloud.volume(f"in-{account}", encrypted=year.random.random() < 0.7, account=account)
    elif not cloud.accounts:
        cloud.accounts[ACCOUNTS[0]] = ("eu-west-1",)


def drift(year: Year) -> None:
    """Something is broken or mended."""
    year.cloud.volume("one", encrypted=year.random.random() < 0.5)


def deploy(year: Year) -> None:
    """A programme is changed: its words, an objective, its time zone, its interval; or into one that cannot be used."""
    house, broken = year.random.choice(year.houses), year.random.random() < 0.4
    text = house.text
    for old in ("GmbH", "AG", "SE"):
        text = text.replace(old, year.random.choice(["GmbH", "AG", "SE"]))
    text = text.replace("slo: 100%", "slo: 90%")
    if year.random.random() < 0.5:
        old = text.split("time_zone: ")[1].split(",")[0]
        text = text.replace(old, year.random.choice(ZONES))
    if year.random.random() < 0.5:
        old = text.split("sweep_every: ")[1].split("}")[0]
        text = text.replace(old, year.random.choice(EVERY[house.cadence]))
    house.write("provider: [\n" if broken else text)
    for one in year.replicas:
        if one.house is house:
            one.wishes.reload()
            year.turn(one)
    if broken:
        house.write(house.text)
    else:
        house.text = text


def scale(year: Year) -> None:
    """A replica comes or goes."""
    house = year.random.choice(year.houses)
    mine = [one for one in year.replicas if one.house is house]
    if len(mine) > 1:
        year.stop(mine[-1])
    else:
        year.start(house)


INCIDENTS = (outage, kill, away, denied, revoked, bug, scope, drift, deploy, scale)
