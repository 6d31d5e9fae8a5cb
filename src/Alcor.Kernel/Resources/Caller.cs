using System.Collections.Immutable;

namespace Alcor.Kernel.Resources;

/// <summary>Who asks: what the identity service says of a token, and what the policy concludes from it.</summary>
public sealed record Caller
{
    /// <summary>Alcor itself, or anybody where there is no authentication: may do everything.</summary>
    public static readonly Caller System = new() { IsAdmin = true, Roles = ["admin", "member", "reader"] };

    /// <summary>The user's id; empty: unknown.</summary>
    public string UserId { get; init; } = "";

    /// <summary>The project that the token is scoped to; empty for a token of another scope.</summary>
    public string ProjectId { get; init; } = "";

    public string ProjectName { get; init; } = "";

    /// <summary>The domain that the token is scoped to; empty for a token of another scope.</summary>
    public string DomainId { get; init; } = "";

    /// <summary>Whether the token is scoped to the whole deployment (<c>system_scope: all</c>).</summary>
    public bool IsSystemScoped { get; init; }

    /// <summary>Names of the roles, in lower case: role names are compared without case.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>Roles of the service that asks on the user's behalf, from X-Service-Token.</summary>
    public ImmutableArray<string> ServiceRoles { get; init; } = [];

    /// <summary>
    /// What the rule <c>context_is_admin</c> says: sees the resources of all projects, and may name another owner.
    /// </summary>
    public bool IsAdmin { get; init; }
}
