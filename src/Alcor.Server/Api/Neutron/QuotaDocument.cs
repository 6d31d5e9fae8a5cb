using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Alcor.Network.Quotas;

namespace Alcor.Server.Api.Neutron;

/// <summary>The operations of quotas with their documentation.</summary>
internal sealed class QuotaDocument(ImmutableArray<QuotaLimit> limits)
{
    private const string Tag = "quotas";
    private static readonly ImmutableArray<string> Refusals = ["401", "403"];

    public ApiOperation Read(string path, string id, string summary, ApiHandler handler, bool many = false) =>
        new("GET", path, Tag, id, summary)
        {
            Handler = handler,
            Response = () => many
                ? Object(("quotas", new JsonObject { ["type"] = "array", ["items"] = Limits() }))
                : Object(("quota", Limits())),
            Errors = Refusals,
        };

    public ApiOperation Own(string path, string id, ApiHandler handler) =>
        new("GET", path, Tag, id, "The project that the token is of")
        {
            Handler = handler,
            Response = () => new JsonObject { ["type"] = "object" },
            Errors = ["400", "401"],
        };

    public ApiOperation Details(string path, ApiHandler handler) =>
        new("GET", path, Tag, "show_quota_details", "The quotas of a project, and what is used of them")
        {
            Handler = handler,
            Response = () => Object(("quota", EachType(
                () => Object(("limit", Integer()), ("used", Integer()), ("reserved", Integer()))))),
            Errors = Refusals,
        };

    public ApiOperation Set(string path, ApiHandler handler) =>
        new("PUT", path, Tag, "update_quota", "Set quotas of a project; -1: any number")
        {
            Handler = handler,
            Request = () =>
            {
                var quota = Limits();
                quota["properties"]!["check_limit"] = new JsonObject
                {
                    ["type"] = "boolean",
                    ["description"] = "Refuse what is below what is used.",
                };
                return Object(("quota", quota));
            },
            Response = () => Object(("quota", Limits())),
            Errors = ["400", .. Refusals],
        };

    public ApiOperation Reset(string path, ApiHandler handler) =>
        new("DELETE", path, Tag, "delete_quota", "Give a project the default quotas")
        {
            Handler = handler,
            Status = StatusCodes.Status204NoContent,
            Errors = [.. Refusals, "404"],
        };

    private JsonObject Limits() => EachType(() => new JsonObject
    {
        ["type"] = "integer",
        ["minimum"] = ProjectQuota.Unlimited,
        ["maximum"] = ProjectQuota.LimitMax,
    });

    private JsonObject EachType(Func<JsonObject> schema) =>
        Object([.. limits.Select(limit => (limit.Type, schema()))]);

    private static JsonObject Integer() => new() { ["type"] = "integer" };

    private static JsonObject Object(params ReadOnlySpan<(string Name, JsonObject Schema)> members)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in members)
            properties[name] = schema;
        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }
}
