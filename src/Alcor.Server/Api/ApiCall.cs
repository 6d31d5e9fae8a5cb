using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Server.Api;

/// <summary>One request on its way through the API.</summary>
/// <param name="Ids">What the parameters of its path stand for, in order: a parent's id before its own.</param>
internal readonly record struct ApiCall(HttpContext Http, Caller Caller, ImmutableArray<string> Ids)
{
    public CancellationToken Aborted => Http.RequestAborted;
}

/// <summary>Answers a call, or returns the error to answer it with.</summary>
internal delegate Task<ApiError?> ApiHandler(ApiCall call);
