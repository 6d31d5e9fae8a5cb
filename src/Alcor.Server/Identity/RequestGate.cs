using Alcor.Kernel.Resources;

namespace Alcor.Server.Identity;

/// <summary>
/// Stands before the API: what passes carries its <see cref="Caller"/> as a feature, the rest is
/// answered here.
/// </summary>
internal sealed class RequestGate(IAuthentication authentication, RequestDelegate next)
{
    /// <summary>Without a role: no rule of the policy allows anything.</summary>
    private static readonly Caller Nobody = new();

    public Task HandleAsync(HttpContext http)
    {
        if (IsOpen(http.Request.Path.Value ?? ""))
            return PassAsync(http, Nobody);
        // A known token, the usual case, is answered at once: then there is nothing to await, nor to allocate.
        var pending = authentication.AuthenticateAsync(http);
        return pending.IsCompletedSuccessfully ? PassAsync(http, pending.Result) : WaitAsync(http, pending);
    }

    /// <summary>
    /// What anybody may read: which versions there are, as with Neutron, and the documentation. All else needs a
    /// caller, what is not there as well.
    /// </summary>
    public static bool IsOpen(ReadOnlySpan<char> path)
    {
        var first = path.TrimStart('/');
        if (first.IndexOf('/') is >= 0 and var end)
            first = first[..end];
        return first is "" or "versions" or "docs" or "openapi";
    }

    private async Task WaitAsync(HttpContext http, ValueTask<Authenticated> pending)
    {
        try
        {
            await PassAsync(http, await pending);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client went away: nobody is left to be answered.
        }
    }

    private Task PassAsync(HttpContext http, Authenticated outcome)
    {
        if (outcome.Refusal is { } refusal)
            return refusal.WriteAsync(http);
        http.Features.Set(outcome.Caller);
        return next(http);
    }
}
