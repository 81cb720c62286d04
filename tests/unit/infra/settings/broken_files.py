"""Stack files that have mistakes, each by what these are."""

from __future__ import annotations

HEAD = "config:\n  rollpin:models:\n"
ONE = f"{HEAD}    a:\n      catalog: c\n      schema: s\n"
PIN = "      servedVersion: 7\n"
EP = "      endpoint: "
TWO = f"{ONE}    b: {{catalog: c, schema: s, endpoint: {{name: b}}}}\n"
MERGED = (
    f"{HEAD}    a:\n      catalog: c\n      schema: s\n      endpoint: &ep {{name: a, colour: red}}\n"
    "    b:\n      catalog: c\n      schema: s\n      endpoint: {<<: *ep, name: b}\n"
)
COMMON = "config:\n  rollpin:defaults:\n    catalog: c\n"
CATALOG = "createCatalog: true"
A = "  rollpin:models:\n    a: {}\n"
FULL = "catalog: c, schema: s"
B = "endpoint: {name: b}"
ID = "11111111-1111-1111-1111-111111111111"
VAULT = f"/subscriptions/{ID}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a"
HOST = "host: https://adb-1.2.azuredatabricks.net"
VS = f"{ONE}  rollpin:vectorSearch:\n    endpoint: docs\n    indexes:\n"
LONE = "config:\n  rollpin:models: {}\n  rollpin:catalogs:\n"
DOCS = f"{VS}      prod.a.docs: "
DIRECT = "columns: {id: integer, v: array<float>}, vectors: {column: v, dimension: 8}"
CREATE = f"location: westeurope, storageAccount: abc, metastoreId: {ID}"
PRIVATE = f"{CREATE}, accountId: {ID}"
NEW = "config:\n  rollpin:platform:\n    create: "
CASES = {
    # unknown keys
    "in a flow mapping on one line": f"{ONE}{EP}{{name: x, workloadSize: Large, colour: red}}\n",
    "first in a flow mapping": f"{ONE}{EP}{{colour: red, name: x}}\n",
    "alone in a flow mapping": f"{ONE}{EP}{{colour: red}}\n      servedVersion: 7\n",
    "over lines in a flow mapping": f"{ONE}{EP}{{\n        name: x,\n        colour: red\n      }}\n",
    "with lines below it": f"{ONE}      gateway:\n        limits:\n          - a\n        b: 1\n{PIN}",
    "with a comment behind": f"{ONE}      colour:\n        b: 1\n      # why\n      servedVersion: 7\n",
    "with a text over lines": f"{ONE}      colour: |\n        one\n        two\n      servedVersion: 7\n",
    "near to one that is there": f"{ONE}{EP}{{name: x, workloadSize: Large, workloadSiz: Small}}\n",
    "near to one that is not there": f"{ONE}      served_version: 7\n",
    "two near to the same": f"{ONE}      served_version: 7\n      servedversion: 8\n",
    "in what another merges": MERGED,
    "of a setting": ONE.replace("rollpin:models", "rollpin:modles"),
    "of a setting that is there": f"config:\n  rollpin:protcet: true\n  rollpin:protect: false\n{ONE[8:]}",
    "without a namespace": ONE.replace("rollpin:models", "models"),
    "of a namespace that is nobody's": f"{ONE}  aws:region:\n    a: 1\n",
    "of a misspelt namespace": f"{ONE}  rolpin:protect: true\n",
    "of a misspelt namespace, there already": f"{ONE}  rollpin:protect: true\n  rolpin:protect: true\n",
    "of a misspelt provider's credential": f"{ONE}  databrick:token: x\n",
    "at the top, misplaced": f"{ONE}rollpin:tags:\n  team: x\n",
    "at the top, misplaced and there already": f"{ONE}  rollpin:tags: {{a: b}}\nrollpin:tags:\n  team: x\n",
    "at the top, misspelt": f"{ONE}encryptionsolt: v1:x\n",
    "at the top, misspelt, there already": f"{ONE}encryptionsalt: v1:x\nencryptionsolt: v1:x\n",
    "at the top, of nobody": f"{ONE}aws:region: x\n",
    "at the top, a credential": f"{ONE}databricks:token: x\n",
    "a credential": f"{ONE}  databricks:token: x\n",
    # keys that stand twice
    "config twice": f"{ONE}config:\n  rollpin:protect: true\n",
    "a mapping twice": f"{ONE}      endpoint:\n        name: a\n      endpoint:\n        scaleToZero: true\n",
    "a value twice": f"{ONE}      schema: t\n",
    "a value three times on a line": f"{HEAD}    a: {{catalog: c, schema: s, schema: t, schema: u}}\n",
    # merges and secrets
    "a merge of no mapping": f"{HEAD}    a: {{{FULL}, <<: 7}}\n",
    "a secret for a tag": f"config:\n  rollpin:tags: {{secure: v1:x}}\n{ONE[8:]}",
    "a secret tag": f"config:\n  rollpin:tags:\n    a: b\n    c:\n      secure: v1:x\n{ONE[8:]}",
    "a secret among items": f"{ONE}      access: {{query: [a, {{secure: v1:x}}, b]}}\n",
    "a secret in a model": f"{ONE}      warmVersions: {{secure: v1:x}}\n      servedVersion: 7\n",
    # values
    "a float": f"{ONE}      servedVersion: 7.0\n",
    "a word for a version": f"{ONE}      servedVersion: latest\n",
    "a word for versions": f"{ONE}{PIN}      warmVersions: latest\n",
    "a version for versions": f"{ONE}{PIN}      warmVersions: 6\n",
    "a word among versions": f"{ONE}{PIN}      warmVersions: [5, x]\n",
    "a word among versions, by lines": f"{ONE}{PIN}      warmVersions:\n        - 5\n        - x\n",
    "no value": f"{ONE}      servedVersion:\n",
    "no value where one must be": ONE.replace("schema: s", "schema:"),
    "a percentage that repairs to no percentage": f"{ONE}{PIN}      canary: {{version: 8, percent: 150.0}}\n",
    "a word of another case": f"{ONE}{EP}{{name: a, workloadSize: small}}\n",
    "a size of nobody": f"{ONE}{EP}{{name: a, workloadSize: Huge}}\n",
    "a mapping for a text": f"{HEAD}    a:\n      catalog:\n        x: y\n      schema: s\n",
    "a text for a mapping": f"{ONE}{EP}7\n",
    "a text for a model": f"{HEAD}    a: 7\n",
    "a number among groups": f"{ONE}      access: {{query: [7]}}\n",
    "a group that nobody may change": f"{ONE}      access: {{query: [admins]}}\n",
    "a flag that is none": f"config:\n  rollpin:protect: maybe\n{ONE[8:]}",
    "a tag that is a number": f"config:\n  rollpin:tags: {{a: 7}}\n{ONE[8:]}",
    "a host without https": f"config:\n  rollpin:platform:\n    adopt:\n      host: x\n{ONE[8:]}",
    "an alias of itself": f"{HEAD}    a: &a\n      catalog: c\n      schema: s\n      endpoint: *a\n",
    # of an endpoint
    "a reference without quotes": f"{ONE}{EP}{{environment: {{TOKEN: {{{{secrets/a/b}}}}}}}}\n",
    "half a reference": f"{ONE}{EP}{{environment: {{TOKEN: 'Bearer {{{{secrets/a/b}}}}'}}}}\n",
    "a variable that is a number": f"{ONE}{EP}{{environment: {{K: 7}}}}\n",
    "a variable's name": f"{ONE}{EP}{{environment: {{my-key: x}}}}\n",
    "variables of no version": f"{ONE}{EP}{{environmentOf: {{latest: {{K: x}}}}}}\n",
    "a credential among variables": f"{ONE}{EP}{{environment: {{TOKEN: dapi{'0123456789abcdef' * 2}}}}}\n",
    "a credential of a version's": f"{ONE}{EP}\n        environmentOf:\n          7:\n            K: hf_{'aB3' * 12}\n",
    "a workload of nobody": f"{ONE}{EP}{{workloadType: GPU_SMAL}}\n",
    "a workload of another cloud": f"{ONE}{EP}{{workloadType: MULTIGPU_MEDIUM}}\n",
    "two sizes": f"{ONE}{EP}{{workloadSize: Small, concurrency: {{min: 4, max: 8}}}}\n",
    "three sizes": (
        f"{ONE}{EP}{{workloadSize: Small, concurrency: {{min: 4, max: 8}}, throughput: {{min: 0, max: 9}}}}\n"
    ),
    "no multiple of four": f"{ONE}{EP}{{concurrency: {{min: 3, max: 8}}}}\n",
    "a least above the most": f"{ONE}{EP}{{concurrency: {{min: 16, max: 8}}}}\n",
    "a throughput on hardware": f"{ONE}{EP}{{workloadType: GPU_SMALL, throughput: {{min: 0, max: 9}}}}\n",
    "bursts without throughput": f"{ONE}{EP}{{burstScaling: true}}\n",
    "bursts beside a size": f"{ONE}{EP}{{burstScaling: true, workloadSize: Small}}\n",
    "a table that is off": f"{ONE}{EP}{{inferenceTable: false, gateway: {{inferenceTable: {{schema: s}}}}}}\n",
    "readers of the model's schema": f"{ONE}{EP}{{gateway: {{inferenceTable: {{read: [x]}}}}}}\n",
    "readers of a named schema": f"{ONE}{EP}{{gateway: {{inferenceTable: {{schema: s, read: [x]}}}}}}\n",
    "readers in a strange catalog": f"{ONE}{EP}{{gateway: {{inferenceTable: {{catalog: d, schema: t, read: [x]}}}}}}\n",
    "a limit of nothing": f"{ONE}{EP}{{gateway: {{rateLimits: [{{per: user}}]}}}}\n",
    "a limit of both": f"{ONE}{EP}{{gateway: {{rateLimits: [{{per: user, calls: 1, tokens: 1}}]}}}}\n",
    "a limit of a group": f"{ONE}{EP}{{gateway: {{rateLimits: [{{per: group, calls: 1}}]}}}}\n",
    "a limit of all for one": f"{ONE}{EP}{{gateway: {{rateLimits: [{{per: endpoint, name: a, calls: 1}}]}}}}\n",
    "a limit twice": f"{ONE}{EP}{{gateway: {{rateLimits: [{{per: user, calls: 1}}, {{per: user, calls: 2}}]}}}}\n",
    "a limit of no calls": f"{ONE}{EP}{{gateway: {{rateLimits: [{{per: user, calls: 0}}]}}}}\n",
    "one limit for limits": f"{ONE}{EP}{{gateway: {{rateLimits: {{per: user, calls: 1}}}}}}\n",
    "an address of nobody": f"{ONE}{EP}{{notifications: {{onFailure: [ml at example]}}}}\n",
    "readers of a table where others give the way": (
        f"{ONE}      access: {{reach: false}}\n{EP}{{gateway: {{inferenceTable: {{schema: t, read: [x]}}}}}}\n"
    ),
    "a table's prefix": f"{ONE}{EP}{{gateway: {{inferenceTable: {{prefix: My-Table}}}}}}\n",
    "a budget policy": f"{ONE}{EP}{{budgetPolicy: cheap}}\n",
    "a scope's name": f"{ONE}  rollpin:secretScopes: {{help desk: {{}}}}\n",
    "a scope without settings": f"{ONE}  rollpin:secretScopes:\n    b: {{}}\n    a:\n",
    "a vault that is none": f"{ONE}  rollpin:secretScopes: {{a: {{keyVault: kv}}}}\n",
    "a vault's id with a slash at its end": f"{ONE}  rollpin:secretScopes: {{a: {{keyVault: {VAULT}/}}}}\n",
    "a reader who is no list": f"{ONE}  rollpin:secretScopes: {{a: {{access: {{read: x}}}}}}\n",
    # names and what is missing
    "a model's name": f"{HEAD}    My.Model: {{{FULL}}}\n",
    "a model's name that would be another's": f"{HEAD}    my_model: {{{FULL}}}\n    My.Model: {{{FULL}, {B}}}\n",
    "a tag's name": f"config:\n  rollpin:tags: {{run_id: x, b: c}}\n{ONE[8:]}",
    "a key missing in a block": ONE.replace("      schema: s\n", ""),
    "a key missing in a flow mapping": f"{ONE}{PIN}      canary: {{version: 8}}\n",
    "a key missing over lines": f"{ONE}{PIN}      canary: {{\n        version: 8\n      }}\n",
    "no models": "config:\n  rollpin:protect: true\n",
    # contradictions
    "two scopes of one name": f"{ONE}  rollpin:secretScopes: {{a: {{}}, A: {{adopt: true}}}}\n",
    "the same reader twice": f"{ONE}  rollpin:secretScopes: {{a: {{access: {{read: [x, X]}}}}}}\n",
    "a writer to a vault": f"{ONE}  rollpin:secretScopes: {{a: {{keyVault: {VAULT}, access: {{write: [x]}}}}}}\n",
    "adopt and create": (
        f"config:\n  rollpin:platform:\n    adopt: {{{HOST}, resourceId: /subscriptions/{ID}"
        "/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbw}\n    create:\n      location: westeurope\n"
        f"      storageAccount: abc\n      metastoreId: {ID}\n{ONE[8:]}"
    ),
    "neither": f"config:\n  rollpin:platform: {{}}\n{ONE[8:]}",
    "serverless without an account": f"{NEW}{{{CREATE}, compute: serverless}}\n{ONE[8:]}",
    "hosts for an open storage": f"{NEW}{{{CREATE}, egress: [pypi.org], accountId: {ID}}}\n{ONE[8:]}",
    "a host twice": f"{NEW}{{{CREATE}, compute: serverless, accountId: {ID}, egress: [a.io, a.io]}}\n{ONE[8:]}",
    "a region of another cloud": f"{NEW}{{{CREATE.replace('westeurope', 'chinanorth3')}}}\n{ONE[8:]}",
    "a network too narrow": f"{NEW}{{{PRIVATE}, network: {{addressSpace: 10.20.0.0/28}}}}\n{ONE[8:]}",
    "a subnet too small": (
        f"{NEW}{{{PRIVATE}, network: {{addressSpace: 10.20.0.0/22, hostSubnet: 10.20.0.0/28}}}}\n{ONE[8:]}"
    ),
    "subnets that overlap": (
        f"{NEW}{{{PRIVATE}, network: {{addressSpace: 10.20.0.0/22, containerSubnet: 10.20.0.0/26}}}}\n{ONE[8:]}"
    ),
    "a range that begins in its middle": f"{NEW}{{{PRIVATE}, network: {{addressSpace: 10.20.0.1/22}}}}\n{ONE[8:]}",
    "a network of a serverless workspace": (
        f"{NEW}{{{PRIVATE}, compute: serverless, network: {{addressSpace: 10.20.0.0/22}}}}\n{ONE[8:]}"
    ),
    "a network without an account": f"{NEW}{{{CREATE}, network: {{addressSpace: 10.20.0.0/22}}}}\n{ONE[8:]}",
    "a budget of no month": (f"{NEW}{{{CREATE}, budget: {{amount: 5, since: next, notify: [a@b.c]}}}}\n{ONE[8:]}"),
    "a budget that nobody hears of": f"{NEW}{{{CREATE}, budget: {{amount: 5, since: 2026-12}}}}\n{ONE[8:]}",
    "a canary without a pin": f"{ONE}      canary: {{version: 1, percent: 10}}\n",
    "warm versions without a pin": f"{ONE}      warmVersions: [6, 7]\n",
    "warm versions without a pin, in a flow mapping": f"{HEAD}    a: {{{FULL}, warmVersions: [6, 7]}}\n",
    "a canary that is the pin": f"{ONE}{PIN}      canary:\n        version: 7\n        percent: 10\n",
    "more versions than fit": f"{ONE}{PIN}      warmVersions: {list(range(20, 40))}\n",
    "the same version twice": f"{ONE}{PIN}      warmVersions: [6, 6]\n",
    "the same group twice": f"{ONE}      access: {{query: [x, X, y]}}\n",
    "the same group twice, by lines": f"{ONE}      access:\n        query:\n          - x\n          - X\n",
    "no schema in a new catalog": f"{ONE}      createCatalog: true\n      createSchema: false\n",
    "one endpoint for two": TWO.replace("name: b", "name: a"),
    "one endpoint for two, by default": f"{HEAD}    a: {{{FULL}}}\n    b: {{{FULL}, endpoint: {{name: A}}}}\n",
    "one endpoint for three": "".join([HEAD, *(f"    {name}: {{{FULL}, endpoint: {{name: x}}}}\n" for name in "abc")]),
    "one endpoint for two, where the next name is taken": (
        f"{HEAD}    a: {{{FULL}}}\n    a-2: {{{FULL}}}\n    b: {{{FULL}, endpoint: {{name: a}}}}\n"
    ),
    "one experiment for two": TWO.replace("s\n", "s\n      experiment: {name: /S/x}\n").replace(
        "{name: b}", "{name: b}, experiment: {name: /S/x}"
    ),
    "two makers of a schema": TWO.replace("{name: b}", "{name: b}, createSchema: false"),
    "grants on resources for nobody": f"{ONE}      access: {{resources: true}}\n",
    # vector search
    "an index of both kinds": f"{DOCS}{{primaryKey: id, {DIRECT}, source: {{table: prod.a.t}}}}\n",
    "an index of neither kind": f"{DOCS}{{primaryKey: id}}\n",
    "an index of neither kind, with vectors": f"{DOCS}{{primaryKey: id, vectors: {{column: v, dimension: 8}}}}\n",
    "an index of neither kind, with text": f"{DOCS}{{primaryKey: id, text: {{column: t, model: m}}}}\n",
    "a direct index without vectors": f"{DOCS}{{primaryKey: id, columns: {{id: long, w: array<double>}}}}\n",
    "a direct index without any vector": f"{DOCS}{{primaryKey: id, columns: {{id: long}}}}\n",
    "a direct index with text": f"{DOCS}{{primaryKey: id, {DIRECT}, text: {{column: t, model: m}}}}\n",
    "a key that is no column": f"{DOCS}{{primaryKey: key, {DIRECT}}}\n",
    "a key that is no number": f"{DOCS}{{primaryKey: id, {DIRECT.replace('integer', 'double')}}}\n",
    "vectors that are no column": f"{DOCS}{{primaryKey: id, {DIRECT.replace('column: v', 'column: w')}}}\n",
    "vectors that are no array": f"{DOCS}{{primaryKey: id, {DIRECT.replace('array<float>', 'string')}}}\n",
    "a synced index without vectors": f"{DOCS}{{primaryKey: id, source: {{table: prod.a.t}}}}\n",
    "a synced index with both": (
        f"{DOCS}{{primaryKey: id, source: {{table: prod.a.t}}, text: {{column: t, model: m}}, "
        "vectors: {column: v, dimension: 8}}\n"
    ),
    "a reader twice": f"{DOCS}{{primaryKey: id, {DIRECT}, access: {{read: [x, X]}}}}\n",
    "a type of column that is none": f"{DOCS}{{primaryKey: id, {DIRECT.replace('{id:', '{t: text, id:')}}}\n",
    "an index with a name of two parts": f"{DOCS}{{primaryKey: id, {DIRECT}}}\n      d: {{primaryKey: id, {DIRECT}}}\n",
    "an index with capitals": f"{VS}      Prod.A.Docs: {{primaryKey: id, {DIRECT}}}\n",
    "a vector that is too wide": f"{DOCS}{{primaryKey: id, {DIRECT.replace('8', '5000')}}}\n",
    "vector search without an endpoint": f"{ONE}  rollpin:vectorSearch: {{indexes: {{}}}}\n",
    "one registered model that two create": f"{HEAD}    a: {{{FULL}}}\n    b: {{{FULL}, model: a, {B}}}\n",
    "an owner of a model that is only used": f"{ONE}      createModel: false\n      owner: me\n",
    # catalogs for other stacks
    "catalogs beside a model": f"{ONE}  rollpin:catalogs:\n    c: {{}}\n",
    "catalogs beside vector search": f"{LONE}    c: {{}}\n  rollpin:vectorSearch: {{endpoint: docs}}\n",
    "a person with a role": f"{LONE}    c: {{schemas: {{s: {{access: {{read: [jo@example.com]}}}}}}}}\n",
    "a role held twice": f"{LONE}    c: {{schemas: {{s: {{access: {{read: [x, X]}}}}}}}}\n",
    "a volume's name": f"{LONE}    c: {{schemas: {{s: {{volumes: [My Docs]}}}}}}\n",
    "a storage root with a slash at its end": f"{LONE}    c: {{storageRoot: abfss://m@abc.dfs.core.windows.net/p/}}\n",
    # defaults
    "a pin for all": f"{COMMON}    schema: s\n    servedVersion: 7\n{A}",
    "an endpoint's name for all": f"{COMMON}    schema: s\n    endpoint: {{name: x, scaleToZero: true}}\n{A}",
    "a misspelt default": f"{COMMON}    schmea: s\n{A}",
    "a wrong default": f"{COMMON}    schema: s\n    endpoint: {{workloadSize: small}}\n{A}",
    "the same group twice for all": f"{COMMON}    schema: s\n    access: {{query: [x, X]}}\n{A}    b: {{}}\n",
    "no schema in a new catalog, for all": f"{COMMON}    schema: s\n    {CATALOG}\n    createSchema: false\n{A}",
    "no schema in a new catalog, against all": (
        f"{COMMON}    schema: s\n    createSchema: false\n{A[:-3]}{{{CATALOG}}}\n"
    ),
    "a key missing in model and defaults": f"{COMMON}{A}",
    "two makers of a catalog": TWO.replace("      schema: s\n", "      schema: s\n      createCatalog: true\n"),
}
