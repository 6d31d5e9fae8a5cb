using System.Collections.Immutable;
using System.Text.Json;
using Alcor.Kernel.Resources;
using Alcor.Network.Quotas;

namespace Alcor.Server.Api.Neutron;

/// <summary>What <c>{"quota": {"network": 5, "check_limit": true}}</c> asks for.</summary>
/// <param name="IsChecked">Whether no limit may be below what is used.</param>
internal sealed record QuotaChange(IReadOnlyDictionary<string, long> Limits, bool IsChecked)
{
    private static readonly Schema<long> Limit = Schemas.Integer(ProjectQuota.Unlimited, ProjectQuota.LimitMax);

    public static Result<QuotaChange> Read(JsonElement root, ImmutableArray<QuotaLimit> known)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("quota", out var quota)
            || quota.ValueKind != JsonValueKind.Object)
            return ApiError.BadRequest("Unable to find 'quota' in request body");
        var limits = new Dictionary<string, long>();
        var isChecked = false;
        foreach (var member in quota.EnumerateObject())
        {
            if (member.Name == "check_limit")
                isChecked = Schemas.Boolean.TryRead(member.Value, out var value, out _) && value;
            // "force" asks for what is done anyway: to set a limit without a check.
            if (member.Name is "check_limit" or "force")
                continue;
            if (known.All(limit => limit.Type != member.Name))
                return ApiError.BadRequest($"Unrecognized attribute(s) '{member.Name}'");
            if (ReadLimit(member, limits) is { } wrong)
                return wrong;
        }
        return new QuotaChange(limits, isChecked);
    }

    private static ApiError? ReadLimit(JsonProperty member, Dictionary<string, long> limits)
    {
        if (Limit.TryRead(member.Value, out var limit, out var reason))
        {
            limits.Add(member.Name, limit);
            return null;
        }
        var text = member.Value.ValueKind == JsonValueKind.Null ? "None" : $"{member.Value}";
        return long.TryParse(text, out _)
            ? ApiError.InvalidInput(member.Name, reason)
            : new ApiError(400, "InvalidInput", $"Invalid input for operation: '{text}' is not an integer.");
    }
}
