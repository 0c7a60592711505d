"""Terraform makes an event data store; plans nothing more; changes it in place (a new name it would replace); and destroys it."""

from test_terraform import CHANGES, NO_CHANGES, SELECTORS, terraform  # noqa: F401: the fixture

PROVIDER = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                  = "us-east-1"
  skip_metadata_api_check = true
}

resource "aws_cloudtrail_event_data_store" "main" {
  %s
}

output "arn" {
  value = aws_cloudtrail_event_data_store.main.arn
}
"""

FIRST = """
  name                           = "terraformed"
  termination_protection_enabled = false
  retention_period               = 90
  tags                           = { team = "audit", stage = "one" }
"""

SECOND = SELECTORS + """
  name                           = "terraformed"
  termination_protection_enabled = false
  multi_region_enabled           = false
  retention_period               = 400
  tags                           = { team = "audit", more = "yes" }
"""


def write(terraform, settings):  # noqa: F811
    (terraform.folder / "main.tf").write_text(PROVIDER % settings)


def only_store(lake):
    [item] = lake.list_event_data_stores()["EventDataStores"]
    return lake.get_event_data_store(EventDataStore=item["EventDataStoreArn"])


def test_apply_plan_change_destroy(fresh, terraform):  # noqa: F811
    lake = fresh.boto("cloudtrail")
    write(terraform, FIRST)
    terraform.run("init")
    assert "Apply complete! Resources: 1 added" in terraform.run("apply", "-auto-approve")
    terraform.run("plan", "-detailed-exitcode", expect=NO_CHANGES)
    made = only_store(lake)
    assert (made["Name"], made["Status"], made["RetentionPeriod"], made["MultiRegionEnabled"]) == ("terraformed", "ENABLED", 90, True)

    write(terraform, SECOND)
    terraform.run("plan", "-detailed-exitcode", expect=CHANGES)
    assert "0 added, 1 changed, 0 destroyed" in terraform.run("apply", "-auto-approve")
    terraform.run("plan", "-detailed-exitcode", expect=NO_CHANGES)
    changed = only_store(lake)
    assert changed["EventDataStoreArn"] == made["EventDataStoreArn"]
    assert (changed["RetentionPeriod"], changed["MultiRegionEnabled"]) == (400, False)
    assert {selector["Name"] for selector in changed["AdvancedEventSelectors"]} == {"Objects written", "Management"}
    tags = lake.list_tags(ResourceIdList=[changed["EventDataStoreArn"]])["ResourceTagList"][0]["TagsList"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "audit", "more": "yes"}

    assert "Destroy complete! Resources: 1 destroyed" in terraform.run("destroy", "-auto-approve")
    assert only_store(lake)["Status"] == "PENDING_DELETION"


def test_import(fresh, terraform):  # noqa: F811
    """What somebody made by hand can be brought under Terraform's care without a change."""
    write(terraform, FIRST)
    terraform.run("init")
    terraform.run("apply", "-auto-approve")
    arn = only_store(fresh.boto("cloudtrail"))["EventDataStoreArn"]
    terraform.run("state", "rm", "aws_cloudtrail_event_data_store.main")
    terraform.run("import", "aws_cloudtrail_event_data_store.main", arn)
    terraform.run("plan", "-detailed-exitcode", expect=NO_CHANGES)
    terraform.run("destroy", "-auto-approve")
