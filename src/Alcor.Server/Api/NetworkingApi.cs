using System.Collections.Frozen;
using System.Collections.Immutable;
using Alcor.Kernel.Resources;
using Alcor.Storage;

namespace Alcor.Server.Api;

/// <summary>
/// The Networking API v2.0: takes a request to its endpoint by path and method, and answers errors. Which resource
/// types there are, it learns from the collections that it is given.
/// </summary>
internal sealed class NetworkingApi
{
    private const string Version = "v2.0";
    private readonly ImmutableArray<ApiCollection> collections;
    private readonly FrozenDictionary<string, Route> routes;
    private readonly byte[] document;
    private readonly ILogger logger;

    public NetworkingApi(ImmutableArray<ApiCollection> collections, ApiServices services, ILogger logger)
    {
        this.collections = collections;
        this.logger = logger;
        routes = collections.ToFrozenDictionary(
            collection => collection.Segment,
            collection => new Route(collection, new CollectionEndpoints(collection, services)));
        document = OpenApi.NetworkingDocument.Write(collections);
    }

    private sealed record Route(ApiCollection Collection, CollectionEndpoints Endpoints);

    /// <summary>Answers any request; what is not there is a 404.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            if (await RouteAsync(http) is { } error)
                await AnswerAsync(http, error);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client went away: nobody is left to be answered.
        }
        catch (BadHttpRequestException exception)
        {
            await AnswerAsync(http, new ApiError(exception.StatusCode, "HTTPBadRequest", exception.Message));
        }
#pragma warning disable CA1031 // The last place that can answer; what happened is logged.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var (request, trace) = (http.Request, http.TraceIdentifier);
            logger.LogError(exception, "{Method} {Path} failed ({Trace})", request.Method, request.Path, trace);
            await AnswerAsync(http, Failure(exception, trace));
        }
    }

    private static ApiError Failure(Exception exception, string trace)
    {
        var reason = exception is CommitUnknownException
            ? "the outcome is unknown. Either all of it took place or nothing did: look before trying again."
            : "internal server error while processing your request.";
        return new ApiError(500, "HTTPInternalServerError", $"Request Failed: {reason}", trace);
    }

    private static Task AnswerAsync(HttpContext http, ApiError error)
    {
        if (http.Response.HasStarted)
        {
            // Half a response is out. A broken connection is the only way left to say that it is not whole.
            http.Abort();
            return Task.CompletedTask;
        }
        if (error.Status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "1";
        return ApiResponse.WriteErrorAsync(http, error);
    }

    private Task<ApiError?> RouteAsync(HttpContext http)
    {
        var path = Segments(http.Request.Path.Value ?? "");
        return path switch
        {
            [] or ["versions"] => ReadAsync(http, () => Discovery.WriteVersionsAsync(http)),
            ["openapi", "neutron"] => ReadAsync(http, () => WriteDocumentAsync(http)),
            [Version] => ReadAsync(http, () => Discovery.WriteResourcesAsync(http, collections)),
            [Version, "extensions"] => ReadAsync(http, () => Extensions.WriteAllAsync(http)),
            [Version, "extensions", var alias] => Extension.Find(alias) is { } extension
                ? ReadAsync(http, () => Extensions.WriteOneAsync(http, extension))
                : NotFound($"Extension with alias {alias} does not exist"),
            [Version, var segment] when routes.TryGetValue(segment, out var route) => CollectionAsync(http, route),
            [Version, var segment, var id] when routes.TryGetValue(segment, out var route) => OneAsync(http, route, id),
            _ => NotFound("The resource could not be found."),
        };
    }

    private static Task<ApiError?> CollectionAsync(HttpContext http, Route route) => http.Request.Method switch
    {
        "GET" or "HEAD" => route.Endpoints.ListAsync(http),
        "POST" when !route.Collection.IsReadOnly => route.Endpoints.CreateAsync(http),
        _ => NotAllowed(http, route.Collection.IsReadOnly ? "GET, HEAD" : "GET, HEAD, POST"),
    };

    private static Task<ApiError?> OneAsync(HttpContext http, Route route, string id) => http.Request.Method switch
    {
        "GET" or "HEAD" => route.Endpoints.ShowAsync(http, id),
        "PUT" when !route.Collection.IsReadOnly => route.Endpoints.UpdateAsync(http, id),
        "DELETE" when !route.Collection.IsReadOnly => route.Endpoints.DeleteAsync(http, id),
        _ => NotAllowed(http, route.Collection.IsReadOnly ? "GET, HEAD" : "GET, HEAD, PUT, DELETE"),
    };

    private static async Task<ApiError?> ReadAsync(HttpContext http, Func<Task> write)
    {
        if (http.Request.Method is not ("GET" or "HEAD"))
            return await NotAllowed(http, "GET, HEAD");
        await write();
        return null;
    }

    private static Task<ApiError?> NotAllowed(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        return Task.FromResult<ApiError?>(new ApiError(
            405,
            "HTTPMethodNotAllowed",
            $"The method {http.Request.Method} is not allowed for this resource; {allowed} are."));
    }

    private static Task<ApiError?> NotFound(string message) =>
        Task.FromResult<ApiError?>(new ApiError(404, "HTTPNotFound", message));

    private async Task WriteDocumentAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = document.Length;
        await http.Response.Body.WriteAsync(document, http.RequestAborted);
    }

    /// <summary>The parts of a path; a trailing slash or ".json" says nothing.</summary>
    private static string[] Segments(string path)
    {
        var trimmed = path.AsSpan().TrimEnd('/');
        if (trimmed.EndsWith(".json"))
            trimmed = trimmed[..^".json".Length];
        return trimmed.ToString().Split('/', StringSplitOptions.RemoveEmptyEntries);
    }
}
