using System.Runtime.CompilerServices;
using Alcor.Kernel.Resources;
using Alcor.Policy;

namespace Alcor.Server.Api.Access;

/// <summary>
/// Tells who is an administrator: whom the rule <c>context_is_admin</c> says. One and the same caller gives one and
/// the same answer, so that what the policy has worked out for it is kept with it.
/// </summary>
internal sealed class Administrators(PolicySource policies)
{
    private const string Rule = "context_is_admin";

    private readonly ConditionalWeakTable<Caller, Judged> known = [];

    public Caller Judge(Caller caller)
    {
        if (caller.IsAdmin)
            return caller;
        var policy = policies.Current;
        if (known.TryGetValue(caller, out var judged) && judged.Policy == policy)
            return judged.Caller;
        var isAdmin = policy.Find(Rule) is { } rule && policy.For(caller).AllowsAny(rule) == true;
        judged = new Judged(policy, isAdmin ? caller with { IsAdmin = true } : caller);
        known.AddOrUpdate(caller, judged);
        return judged.Caller;
    }

    private sealed record Judged(AccessPolicy Policy, Caller Caller);
}
