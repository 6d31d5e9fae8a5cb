using System.Collections.Immutable;
using System.Text.Json;
using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;
using Alcor.Network;
using Alcor.Network.Quotas;
using Alcor.Server.Api.Access;

namespace Alcor.Server.Api.Neutron;

/// <summary>
/// Quotas of projects: shown to the project itself, changed by administrators; what is used of them, and their
/// defaults.
/// </summary>
internal sealed class QuotaOperations(NetworkSettings settings, ApiServices services)
{
    private const string Collection = "/v2.0/quotas";
    private const string One = $"{Collection}/{{id}}";
    private const string GetRule = "get_quota";

    private readonly QuotaDocument document = new(settings.Quotas);

    public ImmutableArray<ApiOperation> All =>
    [
        document.Read(Collection, "list_quotas", "Quotas of the projects that have their own", ListAsync, many: true),
        document.Own($"{Collection}/tenant", "show_quota_tenant", call => OwnAsync(call, "tenant")),
        document.Own($"{Collection}/project", "show_quota_project", call => OwnAsync(call, "project")),
        document.Read(One, "show_quota", "The quotas of a project", ShowAsync),
        document.Read($"{One}/default", "show_quota_default", "The quotas of a project by default", DefaultAsync),
        document.Details($"{One}/details", DetailsAsync),
        document.Set(One, SetAsync),
        document.Reset(One, ResetAsync),
    ];

    private async Task<ApiError?> ListAsync(ApiCall call)
    {
        if (services.Refuse(call.Caller, GetRule) is { } forbidden)
            return forbidden;
        var stored = await services.Store.ListAsync(ListQuery.All(ProjectQuota.Type.Name), call.Aborted);
        var quotas = stored.Select(one => ProjectQuota.Type.Decode(one.Value)).ToList();
        await ApiResponse.WriteEnvelopeAsync(call.Http, "quotas", json =>
        {
            json.WriteStartArray();
            foreach (var quota in quotas)
            {
                json.WriteStartObject();
                WriteLimits(json, ProjectQuota.Effective(quota, settings.Quotas));
                json.WriteString("project_id", quota.ProjectId);
                json.WriteString("tenant_id", quota.ProjectId);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        return null;
    }

    private static async Task<ApiError?> OwnAsync(ApiCall call, string name)
    {
        if (call.Caller.ProjectId.Length == 0)
            return new ApiError(400, "QuotaMissingTenant", "Tenant-id was missing from quota request.");
        await ApiResponse.WriteEnvelopeAsync(call.Http, name, json =>
        {
            json.WriteStartObject();
            json.WriteString($"{name}_id", call.Caller.ProjectId);
            json.WriteEndObject();
        });
        return null;
    }

    private async Task<ApiError?> ShowAsync(ApiCall call) =>
        RefuseOthers(call) ?? await WriteQuotaAsync(call, await EffectiveAsync(call));

    private async Task<ApiError?> DefaultAsync(ApiCall call) =>
        RefuseOthers(call) ?? await WriteQuotaAsync(call, settings.Quotas);

    private async Task<ApiError?> DetailsAsync(ApiCall call)
    {
        if (call.Ids[0] != call.Caller.ProjectId && !call.Caller.IsAdmin)
        {
            return new ApiError(
                403,
                "AdminRequired",
                "User does not have admin privileges: Only admin is authorized to access quotas for another project.");
        }
        var used = await UsedAsync(call);
        var limits = await EffectiveAsync(call);
        await ApiResponse.WriteEnvelopeAsync(call.Http, "quota", json =>
        {
            json.WriteStartObject();
            foreach (var limit in limits)
            {
                json.WriteStartObject(limit.Type);
                json.WriteNumber("limit", limit.Limit);
                json.WriteNumber("used", used.GetValueOrDefault(limit.Type));
                // A creation counts when it is committed: nothing is ever set aside.
                json.WriteNumber("reserved", 0);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        });
        return null;
    }

    private async Task<ApiError?> SetAsync(ApiCall call)
    {
        if (services.Refuse(call.Caller, "update_quota") is { } forbidden)
            return forbidden;
        var change = await RequestBody.ReadAsync(call.Http, root => QuotaChange.Read(root, settings.Quotas));
        if (change.Error is { } unread)
            return unread;
        if (change.Value.IsChecked && await FindExceededAsync(call, change.Value.Limits) is { } exceeded)
            return exceeded;
        var outcome = await services.Lanes.ExecuteAsync(new SetQuota(call.Ids[0], change.Value.Limits));
        return outcome.Error is { } refused ? refused : await WriteQuotaAsync(call, await EffectiveAsync(call));
    }

    private async Task<ApiError?> ResetAsync(ApiCall call)
    {
        if (services.Refuse(call.Caller, "delete_quota") is { } forbidden)
            return forbidden;
        var outcome = await services.Lanes.ExecuteAsync(new ResetQuota(call.Ids[0]));
        if (outcome.Error is { } refused)
            return refused;
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    /// <summary>Neutron's check takes "any number" for less than what is used, too.</summary>
    private async Task<ApiError?> FindExceededAsync(ApiCall call, IReadOnlyDictionary<string, long> limits)
    {
        var used = await UsedAsync(call);
        foreach (var (type, limit) in limits)
        {
            if (used.GetValueOrDefault(type) > limit)
            {
                return ApiError.BadRequest(
                    $"Quota limit {limit} for {type} must be greater than or equal to already used {used[type]}");
            }
        }
        return null;
    }

    private async ValueTask<Dictionary<string, long>> UsedAsync(ApiCall call)
    {
        var project = call.Ids[0];
        var counts = await services.Store.CountsAsync(QuotaKey.PrefixOf(project), call.Aborted);
        return counts
            .Select(count => (Key: QuotaKey.Parse(count.Key), count.Value))
            .Where(count => count.Key.Project == project)
            .ToDictionary(count => count.Key.Type, count => count.Value);
    }

    private async ValueTask<IReadOnlyList<QuotaLimit>> EffectiveAsync(ApiCall call)
    {
        var stored = await services.Store.GetAsync(ProjectQuota.Type.Key(call.Ids[0]), call.Aborted);
        var own = stored is null ? null : ProjectQuota.Type.Decode(stored.Value);
        return [.. ProjectQuota.Effective(own, settings.Quotas)];
    }

    private ApiError? RefuseOthers(ApiCall call) =>
        call.Ids[0] == call.Caller.ProjectId ? null : services.Refuse(call.Caller, GetRule);

    private static async Task<ApiError?> WriteQuotaAsync(ApiCall call, IEnumerable<QuotaLimit> limits)
    {
        await ApiResponse.WriteEnvelopeAsync(call.Http, "quota", json =>
        {
            json.WriteStartObject();
            WriteLimits(json, limits);
            json.WriteEndObject();
        });
        return null;
    }

    private static void WriteLimits(Utf8JsonWriter json, IEnumerable<QuotaLimit> limits)
    {
        foreach (var limit in limits)
            json.WriteNumber(limit.Type, limit.Limit);
    }
}
