"""Business continuity and operational resilience (BCR), exercise: whether backups really run, and were ever brought back."""

from datetime import datetime, timedelta

from collectors.watching import Vault
from controls.ages import lately
from controls.check import check, part
from controls.verdict import Verdict, holds, unknown


@check(
    part("CCM:4.1:BCR-06", "the plan, its other scenarios, its participants, and what was learned"),
    part("CCM:4.1:BCR-10", "the disaster response plan and its other parts, and authorities that take part"),
    part("CCM:4.1:BCR-08", "backups outside of vaults, whether what came back was whole, and how long it took"),
    judges=Vault,
    severity="medium",
    remediation=(
        "AWS: make a restore testing plan of AWS Backup for the vault, or restore a backup of it and keep the record. "
        "Google Cloud: restore a backup of the vault into a test project twice a year. "
        "Azure: restore a backup of the vault into a test resource group twice a year."
    ),
    metric="BCR-08-M2",
    observes="effect",
)
def restores_are_tested(vault: Vault, *, now: datetime, max_age_days: int = 180) -> Verdict:
    """From each vault something was brought back within half a year.

    A backup is what was restored from it. The check compares the latest restore that succeeded from each vault, in a test or in earnest,
    with `max_age_days`. It does not see whether what came back was whole, or in time.
    """
    return lately(
        vault.last_restore,
        never=vault.never_restored,
        within=timedelta(days=max_age_days),
        now=now,
        done="restored from",
    )


@check(
    part(
        "CCM:4.1:BCR-08", "backups outside of vaults, what no backup plan names, and whether a backup can be restored"
    ),
    part(
        "CCM:4.1:LOG-14", "failures of other monitoring, anomalies, and whether the accountable party is told at once"
    ),
    judges=Vault,
    severity="high",
    remediation=(
        "AWS: look at the failed jobs of the vault (backup:ListBackupJobs), mend what their message names, and run them again. "
        "Google Cloud: look at the failed backup jobs of the vault, mend what they name, and run them again. "
        "Azure: look at the failed backup jobs of the vault, mend what they name, and run them again."
    ),
    observes="effect",
)
def backups_succeed(vault: Vault) -> Verdict:
    """The latest backups of each vault succeeded.

    A backup that fails quietly for a year is found out once. The check reads whether the latest backups of each vault ended in an error.
    It does not see whether what was kept is whole.
    """
    if vault.failing is None:
        return unknown("not learned how its latest backups ended")
    return holds(not vault.failing, "its latest backups failed")
