using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Microsoft.Extensions.Primitives;

namespace Alcor.Server.Identity;

/// <summary>
/// No authentication (Neutron: <c>auth_strategy = noauth</c>): the request says itself who sends it, in the headers
/// that auth_token would set. Whoever names no roles is the administrator; whoever does has these, and the policy
/// decides what they allow.
/// </summary>
internal sealed class NoAuthentication(TimeProvider time) : IAuthentication
{
    private static readonly Said Nothing = new(null, null, null, null, null, null, null);

    // The same headers give the same object, with which is kept what the policy has worked out for it.
    private readonly BoundedCache<Said, Caller> callers =
        new(IdentityLimits.NamedCallersMax, IdentityLimits.NamedCallersTime, time);

    public ValueTask<Authenticated> AuthenticateAsync(HttpContext http)
    {
        var said = Read(http.Request.Headers);
        if (said == Nothing)
            return new(Caller.System);
        if (callers.Find(said) is { } known)
            return new(known);
        var caller = CallerOf(said);
        callers.Set(said, caller);
        return new(caller);
    }

    private static Said Read(IHeaderDictionary headers) => new(
        Find(headers, "X-Roles"),
        Find(headers, "X-Project-Id"),
        Find(headers, "X-Project-Name"),
        Find(headers, "X-User-Id"),
        Find(headers, "X-Domain-Id"),
        Find(headers, "OpenStack-System-Scope"),
        Find(headers, "X-Service-Roles"));

    private static Caller CallerOf(Said said) => (said.Roles is { } roles
        ? new Caller { Roles = RoleNames.Parse(roles) }
        : Caller.System) with
    {
        ProjectId = said.ProjectId ?? "",
        ProjectName = said.ProjectName ?? "",
        UserId = said.UserId ?? "",
        DomainId = said.DomainId ?? "",
        IsSystemScoped = said.SystemScope is "all",
        ServiceRoles = said.ServiceRoles is { } service ? RoleNames.Parse(service) : [],
    };

    private sealed record Said(
        string? Roles,
        string? ProjectId,
        string? ProjectName,
        string? UserId,
        string? DomainId,
        string? SystemScope,
        string? ServiceRoles);

    private static string? Find(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var values) && !StringValues.IsNullOrEmpty(values) ? values.ToString() : null;
}

/// <summary>Names of roles as a <see cref="Caller"/> holds them.</summary>
internal static class RoleNames
{
    /// <summary>A list with commas, as the headers of auth_token carry it.</summary>
    public static ImmutableArray<string> Parse(string list) =>
        Normalise(list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

#pragma warning disable CA1308 // Not for a round trip: a caller's roles are in lower case.
    public static ImmutableArray<string> Normalise(IEnumerable<string> names) =>
        [.. names.Select(name => name.ToLowerInvariant())];
#pragma warning restore CA1308
}
