using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Alcor.Kernel.Resources;
using Alcor.Policy;

namespace Alcor.Server.Api.Access;

/// <summary>What callers may do with the resources of one collection, and what they see of them.</summary>
internal sealed class CollectionAccess(ApiCollection collection, ApiServices services)
{
    private Questions? questions;

    /// <summary>
    /// Whom the rows of a list are read for: null when the caller may see those of all projects. The policy is asked
    /// for each row besides.
    /// </summary>
    public string? RowsOf(Caller caller) => caller.IsAdmin || !collection.Type.HasVisibility ? null : caller.ProjectId;

    /// <summary>The attributes of which the policy has something to say when they are set.</summary>
    public FrozenSet<string> Ruled => Ask.Ruled;

    /// <summary>An error for the first item that the caller may not create.</summary>
    public async ValueTask<ApiError?> RefuseCreateAsync(ApiCall call, IReadOnlyList<NewResource> items, CreateBody body)
    {
        var ask = Ask;
        var parents = new Dictionary<string, Stamped<object>?>();
        for (var i = 0; i < items.Count; i++)
        {
            if (!call.Caller.IsAdmin && (body.Items[i].ProjectId ?? call.Caller.ProjectId) != call.Caller.ProjectId)
                return OtherOwner;
            var target = new NewTarget(collection, call.Caller, items[i].Body, items[i].ProjectId);
            var attributes = body.Items[i].Ruled;
            var error = await AskAsync(call, target, parents, () =>
                ask.Rules.RefuseCreate(ask.Of(call.Caller), target, attributes.AsSpan()));
            if (error is not null)
                return error;
        }
        return null;
    }

    public ValueTask<ApiError?> RefuseUpdateAsync(
        ApiCall call, Stamped<object> current, Body body, ImmutableArray<SetAttribute> attributes)
    {
        var ask = Ask;
        var target = new ResourceTarget(collection, call.Caller, current, body) { WithHidden = false };
        return AskAsync(call, target, [], () =>
            ask.Rules.RefuseUpdate(ask.Of(call.Caller), target, attributes.AsSpan()));
    }

    public ValueTask<ApiError?> RefuseDeleteAsync(ApiCall call, Stamped<object> current)
    {
        var ask = Ask;
        var target = new ResourceTarget(collection, call.Caller, current, Body.Empty);
        return AskAsync(call, target, [], () => ask.Rules.RefuseDelete(ask.Of(call.Caller), target));
    }

    public ValueTask<ApiError?> RefuseActionAsync(ApiCall call, Stamped<object> current, MemberAction action)
    {
        var ask = Ask;
        var target = new ResourceTarget(collection, call.Caller, current, Body.Empty);
        return AskAsync(call, target, [], () =>
            ask.Rules.RefuseAction(ask.Policy.FindOrDefault(action.Rule), ask.Of(call.Caller), target));
    }

    /// <summary>
    /// Who may update a resource may tag it, unless a rule like <c>update_policies_tags</c> says who: QoS policies are
    /// the administrator's, their tags everybody's who sees them.
    /// </summary>
    public ValueTask<ApiError?> RefuseTagsAsync(ApiCall call, Stamped<object> current)
    {
        var ask = Ask;
        if (ask.Policy.Find($"update_{collection.Names.Plural}_tags") is not { } rule)
            return RefuseUpdateAsync(call, current, Body.Empty, []);
        var target = new ResourceTarget(collection, call.Caller, current, Body.Empty);
        return AskAsync(call, target, [], () => ask.Rules.RefuseAction(rule, ask.Of(call.Caller), target));
    }

    /// <summary>Whether the caller sees the resource at all: its rows, and then what the policy says of it.</summary>
    public ValueTask<bool> ShowsAsync(
        ApiCall call, Stamped<object> resource, Dictionary<string, Stamped<object>?> parents)
    {
        if (!HasRow(call.Caller, resource))
            return ValueTask.FromResult(false);
        var ask = Ask;
        return ask.Of(call.Caller).AllowsAny(ask.Rules.GetRule) is { } always
            ? ValueTask.FromResult(always)
            : ShowsAsync(ask, call, resource, parents);
    }

    private async ValueTask<bool> ShowsAsync(
        Questions ask, ApiCall call, Stamped<object> resource, Dictionary<string, Stamped<object>?> parents)
    {
        var target = new ResourceTarget(collection, call.Caller, resource, Body.Empty);
        return await AskAsync(call, target, parents, () =>
            ask.Rules.Shows(ask.Of(call.Caller), target) ? null : PolicyErrors.Hidden) is null;
    }

    /// <summary>
    /// The attributes that were asked for, as the caller sees them: <c>shared</c> says whether it is shared with. Those
    /// that it sees of no resource are left out.
    /// </summary>
    public SeenAttributes SeenBy(Caller caller, ImmutableArray<ApiAttribute> asked)
    {
        var ask = Ask;
        if (asked != collection.Attributes)
            return SeenBy(ask, caller, asked);
        if (!ask.SeenOfAll.TryGetValue(caller, out var known))
            ask.SeenOfAll.AddOrUpdate(caller, known = SeenBy(ask, caller, asked));
        return known;
    }

    private static SeenAttributes SeenBy(Questions ask, Caller caller, ImmutableArray<ApiAttribute> asked)
    {
        if (ask.Rules.AttributesWithRule.Count == 0 && !asked.Any(attribute => attribute.Attribute.IsInTheEye))
            return new SeenAttributes(asked, []);
        var policy = ask.Of(caller);
        var seen = ImmutableArray.CreateBuilder<ApiAttribute>(asked.Length);
        List<ApiAttribute>? depending = null;
        foreach (var attribute in asked)
        {
            var shown = ask.Rules.ShowsAttributeOfAny(policy, attribute.Name);
            if (shown == false)
                continue;
            var own = attribute.SeenBy(caller);
            seen.Add(own);
            if (shown is null)
                (depending ??= []).Add(own);
        }
        return new SeenAttributes(seen.DrainToImmutable(), depending ?? []);
    }

    /// <summary>The attributes that the caller sees of one resource.</summary>
    public ValueTask<ImmutableArray<ApiAttribute>> VisibleAsync(
        ApiCall call,
        SeenAttributes seen,
        Stamped<object> resource,
        Dictionary<string, Stamped<object>?> parents) =>
        seen.Depending.Count == 0
            ? ValueTask.FromResult(seen.All)
            : VisibleOfAsync(call, seen, resource, parents);

    private async ValueTask<ImmutableArray<ApiAttribute>> VisibleOfAsync(
        ApiCall call,
        SeenAttributes seen,
        Stamped<object> resource,
        Dictionary<string, Stamped<object>?> parents)
    {
        var ask = Ask;
        var target = new ResourceTarget(collection, call.Caller, resource, Body.Empty);
        List<ApiAttribute>? hidden = null;
        foreach (var attribute in seen.Depending)
        {
            var refused = await AskAsync(call, target, parents, () =>
                ask.Rules.ShowsAttribute(ask.Of(call.Caller), target, attribute.Name) ? null : PolicyErrors.Hidden);
            if (refused is not null)
                (hidden ??= []).Add(attribute);
        }
        return hidden is null ? seen.All : seen.All.RemoveRange(hidden);
    }

    private static ApiError OtherOwner { get; } = ApiError.BadRequest(
        "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin "
        + "privileges");

    /// <summary>Whether the resource is among those that the caller may know of.</summary>
    public bool HasRow(Caller caller, Stamped<object> resource) =>
        RowsOf(caller) is not { } project || collection.Type.IsVisible(resource.Value, project);

    /// <summary>What is asked of the policy that holds now: the rules of one request are of one policy.</summary>
    private Questions Ask
    {
        get
        {
            var policy = services.Policy.Current;
            if (questions is not { } known || known.Policy != policy)
            {
                var rules = policy.ForResource(collection.Names.Policy);
                questions = known = new Questions(policy, rules, rules.AttributesToSet.ToFrozenSet());
            }
            return known;
        }
    }

    /// <summary>Asks again with the parent at hand if the first answer lacked it.</summary>
    private async ValueTask<ApiError?> AskAsync(
        ApiCall call, Target target, Dictionary<string, Stamped<object>?> parents, Func<ApiError?> ask)
    {
        var answer = ask();
        if (answer is null || !target.AskedOfParent || target.ParentId is not { Length: > 0 } id)
            return answer;
        if (!parents.TryGetValue(id, out var parent))
            parents.Add(id, parent = await services.FindAsync(collection.Parent!, id, call.Aborted));
        target.Parent = parent;
        return parent is null ? answer : ask();
    }

    private sealed record Questions(AccessPolicy Policy, ResourcePolicy Rules, FrozenSet<string> Ruled)
    {
        /// <summary>What callers see who ask for all attributes; kept for as long as the caller is.</summary>
        public ConditionalWeakTable<Caller, SeenAttributes> SeenOfAll { get; } = [];

        public CallerPolicy Of(Caller caller) => Policy.For(caller);
    }
}

/// <summary>What a caller sees of the resources of one request.</summary>
/// <param name="Depending">Those of them that the policy has to be asked about for each resource.</param>
internal sealed record SeenAttributes(
    ImmutableArray<ApiAttribute> All, IReadOnlyList<ApiAttribute> Depending);
