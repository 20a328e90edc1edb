import pytest

from collectors.aws.firewalls import Firewalls, world
from collectors.resource import PortRange
from tests.fakes.told import Told

ANY = "0.0.0.0/0"
EVERYTHING = PortRange(protocol="any", first=0, last=65535)


def permission(protocol="tcp", first=22, last=22, *, four=(), six=(), lists=(), groups=()):
    found = {
        "IpProtocol": protocol, "IpRanges": [{"CidrIp": one} for one in four], "Ipv6Ranges": [{"CidrIpv6": one} for one in six],
        "PrefixListIds": [{"PrefixListId": one} for one in lists], "UserIdGroupPairs": [{"GroupId": one} for one in groups],
    }  # fmt: skip
    return found if first is None else {**found, "FromPort": first, "ToPort": last}


def described(*permissions, answers=None, **more):
    element = {
        "GroupId": "sg-1",
        "GroupName": "web",
        "IpPermissions": list(permissions),
        "IpPermissionsEgress": [],
        **more,
    }
    return Firewalls.describe(Told(answers), element)


def ports(protocol, first, last):
    return PortRange(protocol=protocol, first=first, last=last)


@pytest.mark.parametrize(
    ("permissions", "opened"),
    [
        ([], ()),
        ([permission(four=[ANY])], (ports("tcp", 22, 22),)),
        ([permission(six=["::/0"])], (ports("tcp", 22, 22),)),
        ([permission(four=["10.0.0.0/8", ANY])], (ports("tcp", 22, 22),)),
        ([permission(four=["10.0.0.0/8"], groups=["sg-2"])], ()),
        ([permission("-1", None, four=[ANY])], (EVERYTHING,)),
        ([permission("tcp", None, four=[ANY])], (ports("tcp", 0, 65535),)),
        (
            [permission("6", 80, 90, four=[ANY]), permission("17", 53, 53, four=[ANY])],
            (ports("tcp", 80, 90), ports("udp", 53, 53)),
        ),
        (
            [
                permission("icmp", -1, -1, four=[ANY]),
                permission("icmpv6", -1, -1, six=["::/0"]),
                permission("50", None, four=[ANY]),
            ],
            (),
        ),
        (
            [permission(first=443, last=443, four=[ANY]), permission(four=[ANY])],
            (ports("tcp", 22, 22), ports("tcp", 443, 443)),
        ),
        ([permission(four=["0.0.0.0/1", "128.0.0.0/1"])], (ports("tcp", 22, 22),)),
    ],
)
def test_what_any_address_reaches(permissions, opened):
    assert described(*permissions).open_to_world == opened


@pytest.mark.parametrize(
    ("sources", "whole"),
    [
        (("0.0.0.0/0",), True),
        (("0.0.0.0/1", "128.0.0.0/1"), True),
        (("0.0.0.0/1",), False),
        (("1.0.0.0/8", "2.0.0.0/7", "4.0.0.0/6", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2",
          "128.0.0.0/3", "160.0.0.0/5", "168.0.0.0/6", "172.0.0.0/12", "172.32.0.0/11", "172.64.0.0/10", "172.128.0.0/9", "173.0.0.0/8",
          "174.0.0.0/7", "176.0.0.0/4", "192.0.0.0/3"), True),
        (("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"), False),
        (("2000::/3",), True),
        (("2000::/4", "3000::/4"), True),
        (("2001:db8::/32",), False),
        ((), False),
    ],
)  # fmt: skip
def test_the_world_is_every_public_address_however_it_is_cut(sources, whole):
    assert world(sources) is whole


@pytest.mark.parametrize(
    ("answer", "opened"),
    [
        ({"Entries": [{"Cidr": ANY}]}, (ports("tcp", 22, 22),)),
        ({"Entries": [{"Cidr": "10.0.0.0/8"}]}, ()),
        ({"Entries": [{"Cidr": "10.0.0.0/8"}], "NextToken": "more"}, None),
        ({"Entries": [{"Cidr": ANY}], "NextToken": "more"}, (ports("tcp", 22, 22),)),
        ({}, None),
        (None, None),
    ],
)
def test_prefix_lists_are_looked_into(answer, opened):
    assert (
        described(permission(lists=["pl-1"]), answers={"ec2.GetManagedPrefixListEntries": answer}).open_to_world
        == opened
    )


def test_prefix_lists_are_not_asked_where_they_change_nothing():
    told = Told()
    element = {
        "GroupId": "sg-1",
        "IpPermissions": [permission(four=[ANY], lists=["pl-1"]), permission("icmp", -1, -1, lists=["pl-1"])],
    }
    assert Firewalls.describe(told, element).open_to_world == (ports("tcp", 22, 22),)
    assert told.asked == []


def test_rules_are_counted_per_source_in_and_out():
    group = described(
        permission(four=[ANY, "10.0.0.0/8"], groups=["sg-2"]),
        IpPermissionsEgress=[permission("-1", None, four=[ANY], lists=["pl"])],
    )
    assert group.rules == 5


def test_the_default_group_has_its_name():
    assert described(GroupName="default").default is True
    assert described().default is False


def test_what_an_answer_leaves_out_is_not_learned():
    group = Firewalls.describe(Told(), {"GroupId": "sg-1"})
    assert (group.open_to_world, group.rules, group.default) == (None, None, None)


def test_groups_that_others_share_are_their_owners():
    told = Told(
        {
            "ec2.DescribeSecurityGroups": {
                "SecurityGroups": [
                    {"GroupId": "a", "OwnerId": "999988887777"},
                    {"GroupId": "b", "OwnerId": "111122223333"},
                ]
            }
        }
    )
    assert [group["GroupId"] for group in Firewalls.list(told)] == ["b"]
