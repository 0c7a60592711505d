"""Terraform makes a bucket, its policy and a trail; plans nothing more; changes them in place; and destroys them."""

import os
import pathlib
import shutil
import subprocess

import pytest

from logs import arn

MIRRORS = [os.environ.get("OPENTRAIL_TF_MIRROR"), "~/.terraform.d/plugins", "/usr/share/terraform/plugins",
           "/usr/local/share/terraform/plugins", *sorted(map(str, pathlib.Path("/opt").glob("*")))]
NO_CHANGES, CHANGES = 0, 2

MAIN = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                  = "us-east-1"
  s3_use_path_style       = true
  skip_metadata_api_check = true
}

data "aws_caller_identity" "me" {}

resource "aws_s3_bucket" "logs" {
  bucket        = "terraform-logs"
  force_destroy = true
  tags          = { team = "audit" }
}

data "aws_iam_policy_document" "logs" {
  statement {
    sid       = "AWSCloudTrailAclCheck"
    effect    = "Allow"
    actions   = ["s3:GetBucketAcl"]
    resources = [aws_s3_bucket.logs.arn]
    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }
  }
  statement {
    sid       = "AWSCloudTrailWrite"
    effect    = "Allow"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.logs.arn}/audit/AWSLogs/${data.aws_caller_identity.me.account_id}/*"]
    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "s3:x-amz-acl"
      values   = ["bucket-owner-full-control"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = ["arn:aws:cloudtrail:us-east-1:${data.aws_caller_identity.me.account_id}:trail/terraformed"]
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.logs.json
}

resource "aws_cloudtrail" "main" {
  name                          = "terraformed"
  s3_bucket_name                = aws_s3_bucket.logs.id
  s3_key_prefix                 = "audit"
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  depends_on                    = [aws_s3_bucket_policy.logs]
  %s
}

output "arn" {
  value = aws_cloudtrail.main.arn
}
"""

FIRST = """
  tags = { team = "audit", stage = "one" }
  event_selector {
    read_write_type           = "All"
    include_management_events = true
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3:::terraform-data/", "arn:aws:s3:::other-data/prefix"]
    }
    data_resource {
      type   = "AWS::Lambda::Function"
      values = ["arn:aws:lambda"]
    }
  }
"""

SELECTORS = """
  advanced_event_selector {
    name = "Objects written"
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }
    field_selector {
      field       = "resources.ARN"
      starts_with = ["arn:aws:s3:::terraform-data/"]
    }
    field_selector {
      field  = "readOnly"
      equals = ["false"]
    }
  }
  advanced_event_selector {
    name = "Management"
    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }
"""

SECOND = """
  tags           = { team = "audit", stage = "two", more = "yes" }
  enable_logging = false
""" + SELECTORS


def mirror():
    """The folder of a mirror that has the provider."""
    for folder in filter(None, MIRRORS):
        path = pathlib.Path(folder).expanduser()
        if (path / "registry.terraform.io/hashicorp/aws").is_dir():
            return path
    return None


class Terraform:
    def __init__(self, folder, server, providers):
        self.folder = folder
        config = folder / "terraformrc"
        config.write_text(f"""
provider_installation {{
  filesystem_mirror {{
    path    = "{providers}"
    include = ["registry.terraform.io/*/*"]
  }}
}}
""")
        self.environment = server.environment() | {
            "TF_CLI_CONFIG_FILE": str(config), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", "TF_INPUT": "0"}

    def write(self, trail):
        (self.folder / "main.tf").write_text(MAIN % trail)

    def run(self, *arguments, expect=0):
        command = ["terraform", *arguments, "-no-color"]
        run = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=300)
        assert run.returncode == expect, f"{command} ended with {run.returncode}:\n{run.stdout}\n{run.stderr}"
        return run.stdout


@pytest.fixture
def terraform(fresh, tmp_path):
    if shutil.which("terraform") is None:
        pytest.skip("SKIPPED: terraform is not installed")
    providers = mirror()
    if providers is None:
        pytest.skip("SKIPPED: no provider hashicorp/aws on this disk (set OPENTRAIL_TF_MIRROR to a filesystem mirror)")
    # What is undelivered when Terraform destroys the bucket has nowhere to go.
    fresh.announced = ["a bucket refused a delivery"]
    folder = tmp_path / "terraform"
    folder.mkdir()
    return Terraform(folder, fresh, providers)


def test_apply_plan_change_destroy(fresh, terraform):
    terraform.write(FIRST)
    terraform.run("init")
    assert "Apply complete! Resources: 3 added" in terraform.run("apply", "-auto-approve")
    terraform.run("plan", "-detailed-exitcode", expect=NO_CHANGES)
    trails = fresh.boto("cloudtrail")
    trail = trails.get_trail(Name="terraformed")["Trail"]
    assert trail == {
        "Name": "terraformed", "S3BucketName": "terraform-logs", "S3KeyPrefix": "audit",
        "IncludeGlobalServiceEvents": True, "IsMultiRegionTrail": True, "HomeRegion": "us-east-1",
        "TrailARN": arn("terraformed"), "LogFileValidationEnabled": True, "HasCustomEventSelectors": True,
        "HasInsightSelectors": False, "IsOrganizationTrail": False, "RecursiveLogging": True}
    assert trails.get_trail_status(Name="terraformed")["IsLogging"] is True

    terraform.write(SECOND)
    terraform.run("plan", "-detailed-exitcode", expect=CHANGES)
    assert "0 added, 1 changed, 0 destroyed" in terraform.run("apply", "-auto-approve")
    terraform.run("plan", "-detailed-exitcode", expect=NO_CHANGES)
    assert trails.get_trail_status(Name="terraformed")["IsLogging"] is False
    names = {selector["Name"] for selector in trails.get_event_selectors(TrailName="terraformed")["AdvancedEventSelectors"]}
    assert names == {"Objects written", "Management"}
    tags = trails.list_tags(ResourceIdList=[arn("terraformed")])["ResourceTagList"][0]["TagsList"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "audit", "stage": "two", "more": "yes"}

    assert "Destroy complete! Resources: 3 destroyed" in terraform.run("destroy", "-auto-approve")
    assert trails.describe_trails()["trailList"] == []
    assert fresh.boto("s3").list_buckets()["Buckets"] == []


def test_import(fresh, terraform):
    """What somebody made by hand can be brought under Terraform's care without a change."""
    terraform.write("")
    terraform.run("init")
    terraform.run("apply", "-auto-approve")
    terraform.run("state", "rm", "aws_cloudtrail.main")
    terraform.run("import", "aws_cloudtrail.main", arn("terraformed"))
    terraform.run("plan", "-detailed-exitcode", expect=NO_CHANGES)
    terraform.run("destroy", "-auto-approve")
