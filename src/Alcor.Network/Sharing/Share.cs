using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Sharing;

/// <summary>Who besides its owner may use a resource, kept in the resource itself.</summary>
/// <param name="Action">What they may do: one of <see cref="ShareAction"/>.</param>
/// <param name="Target">A project, or <see cref="Everybody"/>.</param>
public readonly record struct Share(string Action, string Target)
{
    /// <summary>All projects.</summary>
    public const string Everybody = "*";
}

/// <summary>What a share allows, as the Networking API names it.</summary>
public static class ShareAction
{
    public const string AsShared = "access_as_shared";

    /// <summary>To have routers and floating IPs on an external network.</summary>
    public const string AsExternal = "access_as_external";
}

/// <summary>What follows from the shares of a resource.</summary>
public static class Shares
{
    /// <summary>The projects that may see it; for <c>VisibleTo</c> of a resource type.</summary>
    public static IEnumerable<string> VisibleTo(string owner, ImmutableArray<Share> shares) =>
        shares.IsDefaultOrEmpty ? [owner] : shares.Select(share => share.Target).Prepend(owner).Distinct();

    /// <summary>The attribute <c>shared</c>: whether everybody may use it.</summary>
    public static bool WithEverybody(ImmutableArray<Share> shares) =>
        !shares.IsDefaultOrEmpty && shares.Contains(new Share(ShareAction.AsShared, Share.Everybody));

    /// <summary>Whether the caller may use it as a resource that is its own or shared with it.</summary>
    public static bool MayUse(Caller caller, string owner, ImmutableArray<Share> shares) =>
        caller.IsAdmin || caller.ProjectId == owner || IsSharedWith(caller.ProjectId, shares);

    /// <summary>The shares with one more, or as they are if it is among them.</summary>
    public static ImmutableArray<Share> With(this ImmutableArray<Share> shares, Share share) =>
        shares.IsDefaultOrEmpty ? [share] : shares.Contains(share) ? shares : shares.Add(share);

    public static ImmutableArray<Share> Without(this ImmutableArray<Share> shares, Share share) =>
        shares.IsDefaultOrEmpty ? [] : shares.Remove(share);

    /// <summary>With or without one for everybody, as <c>shared</c> and <c>router:external</c> do.</summary>
    public static ImmutableArray<Share> WithEverybody(this ImmutableArray<Share> shares, string action, bool isShared)
    {
        var everybody = new Share(action, Share.Everybody);
        return isShared ? shares.With(everybody) : shares.Without(everybody);
    }

    /// <summary>Whether the project has a share of its own, or one with everybody.</summary>
    public static bool IsSharedWith(
        string project, ImmutableArray<Share> shares, string action = ShareAction.AsShared) =>
        !shares.IsDefaultOrEmpty && shares.Any(share =>
            share.Action == action && share.Target is var target
            && (target == Share.Everybody || target == project));
}
